"""What are the words of the map page's own scripts called in Russian?"""

#: ``{0}``, ``{1}`` ... are values, as the scripts fill them in.
LABELS: dict[str, str] = {
    "m²": "м²",
    "ha": "га",
    "km²": "км²",
    "E {0} m, N {1} m": "В {0} м, С {1} м",
    "no block here": "здесь нет блока",
    "Benches of the block model": "Уступы блочной модели",
    "Block model by bench": "Блочная модель по уступам",
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
    "All levels at once": "Все горизонты сразу",
    "All levels, {0} to {1} m": "Все горизонты, {0}–{1} м",
    "Numbers of sections": "Номера секций",
    "Level and bench move together.": "Горизонт и уступ переключаются вместе.",
    "Colour by year of the plan, not by grade": "Цвет по году плана, а не по содержанию",
    "Run through the years of the plan": "Пройти по годам плана",
    "drawn in this year": "отработка в этом году",
    "drawn before": "отработано раньше",
    "still in the ground": "ещё в недрах",
    "{0} stopes drawn": "Камер в отработке: {0}",
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
    "Find a hole or place": "Найти скважину, место",
    "Find a stope or place": "Найти камеру, место",
    "Find a deposit, plant or place": "Найти месторождение, фабрику, место",
    "Find a place": "Найти место",
    "Nothing of that name": "Ничего с таким именем",
    "{0} found": "Найдено: {0}",
    "Copy link": "Копировать ссылку",
    "Link to this view": "Ссылка на этот вид",
    "Link copied": "Ссылка скопирована",
    "Copy this address": "Скопируйте этот адрес",
    "Print map": "Печать карты",
    "Legend": "Условные обозначения",
    "True north. Scale about 1 : {0} when printed on A4 at 100 %; trust the bar.": (
        "Истинный север. Масштаб около 1 : {0} при печати на A4 в 100 %; верна линейка."
    ),
    "and {0} more on the page": "и ещё {0} на странице",
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
    "{0} stopes cut.": "Пересечено камер: {0}.",
    "{0} of them as upright boxes of their level: the dip of their walls is not known.": (
        "Из них прямоугольниками горизонта показано {0}: наклон их стенок неизвестен."
    ),
    "Legend of the section": "Условные обозначения разреза",
    "stope, in the colour of its grade": "камера, цвет по содержанию",
    "sample, in the colour of its grade": "проба, цвет по содержанию",
    "ground, from cells of {0} m": "поверхность земли, ячейки {0} м",
    "pit as optimised, columns of blocks, no design": (
        "карьер по расчёту, столбцы блоков, без проектирования"
    ),
    "Elevations of the ground count from: {0}.": "Отметки поверхности считаются от: {0}.",
    "The ground is not known along this line.": "Вдоль этой линии поверхность земли неизвестна.",
    "ground at {0} m": "поверхность земли {0} м",
    "floor of the pit at {0} m": "дно карьера {0} м",
    "Vertical section from A to B": "Вертикальный разрез от A до B",
    "A: {0}": "Точка A: {0}",
    "B: {0}": "Точка B: {0}",
    "No vertical exaggeration.": "Вертикальный масштаб не увеличен.",
    "Pit by year of the plan": "Карьер по годам плана",
    "all benches, seen from above": "все уступы, вид сверху",
    "A cell is {0} x {0} blocks; the first to be dug tells its year.": (
        "Ячейка — {0} x {0} блоков; год — по первому вынутому."
    ),
    "No rock is dug": "Порода не вынимается",
    "Dug between {0} and {1} m": "Выемка между {0} и {1} м",
    "dug in this year": "вынимается в этом году",
    "dug before": "вынуто раньше",
    "dug later": "вынимается позже",
    "left by the plan": "план не вынимает",
    "Rock dug": "Вынуто породы",
    "To the map": "К карте",
    "Back to the text": "Назад к тексту",
    "{0} holes and {1} samples within {2} m.": "Скважин {0} и проб {1} в пределах {2} м.",
    "{0} m from A, elevation {1} m": "{0} м от A, отметка {1} м",
    "Choose where the section begins, then where it ends; by key: Enter at the cross, Escape to leave.": (  # noqa: E501
        "Укажите начало разреза, затем конец; с клавиатуры: Enter в перекрестии, Escape — выход."
    ),
    "To the plant": "На фабрику",
    "section number": "номер секции",
    "Zoom in": "Приблизить",
    "Zoom out": "Отдалить",
}
