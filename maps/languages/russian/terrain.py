"""What is said of the ground and of rasters in Russian?"""

LABELS: dict[str, str] = {
    "Contours of the ground": "Горизонтали рельефа",
    "Contour": "Горизонталь",
    "Every fifth contour": "Утолщённая горизонталь (каждая пятая)",
    "Shaded ground": "Отмывка рельефа",
    "Light from the north-west.": "Свет с северо-запада.",
    "Elevations count from": "Отметки отсчитаны от",
    "Vertical datum": "Система высот",
}
