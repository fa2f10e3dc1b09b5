"""What are the words of the map page's own scripts called in Russian?"""

#: ``{0}``, ``{1}`` ... are values, as the scripts fill them in.
LABELS: dict[str, str] = {
    "N": "с. ш.",
    "S": "ю. ш.",
    "E": "в. д.",
    "W": "з. д.",
    "t": "т",
    "kt": "тыс. т",
    "Mt": "млн т",
    "m": "м",
    "km": "км",
    "m²": "м²",
    "ha": "га",
    "km²": "км²",
    "E {0} m, N {1} m": "В {0} м, С {1} м",
    "no block here": "здесь нет блока",
    "not estimated": "не оценено",
    "nothing": "ничего",
    "Benches of the block model": "Уступы блочной модели",
    "Block model by bench": "Блочная модель по уступам",
    "Show blocks": "Показать блоки",
    "Field": "Показатель",
    "Opacity": "Непрозрачность",
    "Legend of the blocks": "Условные обозначения блоков",
    "About these values": "Об этих значениях",
    "Bench {0} to {1} m": "Уступ {0}–{1} м",
    "{0} on this bench at or above the base cut-off of {1}": (
        "{0} на этом уступе при базовом бортовом содержании {1}"
    ),
    "At the centre of the map": "В центре карты",
    "At the cursor": "У курсора",
    "The blocks cannot be shown: {0}. A browser of 2023 or later is needed.": (
        "Блоки нельзя показать: {0}. Нужен браузер 2023 года или новее."
    ),
    "Stopes by level": "Камеры по горизонтам",
    "All levels at once": "Все горизонты сразу",
    "All levels, {0} to {1} m": "Все горизонты, {0}–{1} м",
    "Numbers of sections": "Номера разрезов",
    "Level and bench move together.": "Горизонт и уступ переключаются вместе.",
    "Colour by year of the plan, not by grade": "Цвет по году плана, а не по содержанию",
    "Run through the years of the plan": "Пройти по годам плана",
    "drawn in this year": "отработка в этом году",
    "drawn before": "отработано раньше",
    "still in the ground": "ещё в недрах",
    "{0} stopes drawn": "Камер в отработке: {0}",
    "section": "разрез",
    "Layers and legend": "Слои и условные обозначения",
    "Reference": "Основа",
    "Grid of latitude and longitude": "Сетка широт и долгот",
    "Background map from the internet": "Фоновая карта из интернета",
    "The background map cannot be reached; everything else works without it.": (
        "Фоновая карта недоступна; всё остальное работает без неё."
    ),
    "This feature of the map": "Этот объект карты",
    "Tools of the map": "Инструменты карты",
    "Measure": "Измерить",
    "Take back": "Убрать точку",
    "Clear": "Очистить",
    "No point yet": "Точек пока нет",
    "1 point": "1 точка",
    "Distance {0}; last leg {1}, bearing {2}°": (
        "Расстояние {0}; последний отрезок {1}, азимут {2}°"
    ),
    "Area {0}, around it {1}": "Площадь {0}, периметр {1}",
    (
        "Click on the map; by key: arrows move the map, Enter sets a point at the cross, "
        "Backspace takes it back, Escape ends. Shortest ways on the WGS 84 ellipsoid, level: "
        "no slope."
    ): (
        "Щёлкайте по карте; с клавиатуры: стрелки двигают карту, Enter ставит точку в перекрестии, "
        "Backspace убирает её, Escape завершает. Кратчайшие линии на эллипсоиде WGS 84, "
        "в горизонтальном проложении."
    ),
    "Find a hole, stope or place": "Найти скважину, камеру, место",
    "Found": "Найдено",
    "Nothing of that name": "Ничего с таким именем",
    "{0} found": "Найдено: {0}",
    "Copy link": "Копировать ссылку",
    "Link to this view": "Ссылка на этот вид",
    "Link copied": "Ссылка скопирована",
    "Copy this address": "Скопируйте этот адрес",
    "Print map": "Печать карты",
    "Legend": "Условные обозначения",
    "Sources": "Источники",
    "True north. Scale about 1 : {0} when printed on A4 at 100 %; trust the bar.": (
        "Истинный север. Масштаб около 1 : {0} при печати на A4 в 100 %; верна линейка."
    ),
    "and {0} more on the page": "и ещё {0} на странице",
    "Section": "Разрез",
    "Vertical section": "Вертикальный разрез",
    "Draw a line": "Провести линию",
    "Turn by 15°": "Повернуть на 15°",
    "Close": "Закрыть",
    "Holes within": "Скважины в полосе",
    "Larger": "Крупнее",
    "Elevation, m": "Отметка, м",
    "Metres from A": "Метры от A",
    "Move the section back by {0} m": "Сдвинуть разрез назад на {0} м",
    "Move the section on by {0} m": "Сдвинуть разрез вперёд на {0} м",
    "From A to B {0}, bearing {1}°, seen from its right side; height as length.": (
        "От A до B {0}, азимут {1}°, вид справа от линии; масштабы высоты и длины равны."
    ),
    "{0} stopes cut, drawn as upright boxes of their level: their walls dip.": (
        "Пересечено камер: {0}; показаны прямоугольниками горизонта, хотя их стенки наклонны."
    ),
    "{0} holes and {1} samples within {2} m.": "Скважин {0} и проб {1} в пределах {2} м.",
    "{0} m from A, elevation {1} m": "{0} м от A, отметка {1} м",
    "Choose where the section begins, then where it ends; by key: Enter at the cross, Escape to leave.": (  # noqa: E501
        "Укажите начало разреза, затем конец; с клавиатуры: Enter в перекрестии, Escape — выход."
    ),
    "To the plant": "На фабрику",
    "Year": "Год",
}
