"""What are the labels of the QGIS project, its sheets and its schedule called in Russian?"""

LABELS: dict[str, str] = {
    "Geology": "Геология",
    "Resource": "Запасы и ресурсы",
    "Schedule of the stopes": "График отработки камер",
    "Ore is drawn": "Выпуск руды",
    "Stope is prepared": "Подготовка камеры",
    "Stope is filled": "Закладка камеры",
    "Ore is drawn, year {}": "Выпуск руды, год {}",
    "Ore is drawn, years {} to {}": "Выпуск руды, годы {}–{}",
    "First day of the period": "Первый день периода",
    "Last day of the period": "Последний день периода",
    "Work": "Вид работ",
    "Level, floor": "Горизонт, подошва",
    "Level, roof": "Горизонт, кровля",
    "Ore mined in the period": "Добыча руды за период",
    "Antimony grade of it": "Содержание в ней сурьмы",
    "more in the table": "остальные – в таблице источников",
    "Work in stopes by period of the plan, in plan at mid height of the level. Days are those of "
    "the period: the plan says no more.": "Работы в камерах по периодам плана, в плане на середине "
    "высоты горизонта. Даты – границы периода: точнее план не говорит.",
}
