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
    "all of them: chapter 2 of {x}, table Sources of {x}": (
        "все: глава 2 в {x}, таблица «Источники» в {x}"
    ),
    "No drillholes and no mapped geology are in this study: points are published or inferred.": (
        "В этом исследовании нет скважин и геологической съёмки: точки опубликованы или "
        "определены косвенно."
    ),
    "This study states no tonnes and no grades.": "Тоннаж и содержания в исследовании не указаны.",
    "The rest stands in the report.": "Остальное – в отчёте.",
    "Drillholes: {}; drilled {} m.": "Скважин: {}; пробурено {} м.",
    "{x}: a record that may be {x}.": "{x}: запись, возможно, о поле {x}.",
    "{x} is fed by {x}.": "{x} получает руду: {x}.",
    "tonnage not known": "тоннаж неизвестен",
    "{x}: {} Mt at {} % Sb ({k})": "{x}: {} млн т, {} % Sb ({k})",
    "{x}: {} kt at {} % Sb ({k})": "{x}: {} тыс. т, {} % Sb ({k})",
    "{x}: {} t at {} % Sb ({k})": "{x}: {} т, {} % Sb ({k})",
    "{x}: {} Mt at {} % Sb above {} % Sb ({k})": "{x}: {} млн т, {} % Sb выше {} % Sb ({k})",
    "{x}: {} kt at {} % Sb above {} % Sb ({k})": "{x}: {} тыс. т, {} % Sb выше {} % Sb ({k})",
    "Work in stopes by period of the plan, in plan at mid height of the level; of stopes over each "
    "other the first to be drawn lies on top. Days are those of the period: the plan says no "
    "more.": (
        "Работы в камерах по периодам плана, в плане на середине высоты горизонта; из камер друг "
        "над другом сверху та, что отработана раньше. Даты – границы периода: точнее план не "
        "говорит."
    ),
    "Schedule of the pit": "График отработки карьера",
    "Dug, year {}": "Выемка, год {}",
    "Dug, years {} to {}": "Выемка, годы {}–{}",
    "Bench": "Уступ",
    "Bench, floor": "Уступ, подошва",
    "Bench, top": "Уступ, верх",
    "Rock dug in the period": "Горная масса за период",
    "Ore in it": "В том числе руда",
    "Waste in it": "В том числе вскрыша",
    "Antimony grade of the ore": "Содержание сурьмы в руде",
    "What the plan digs of each bench in each period, as the blocks lie; no design with ramps. "
    "Lower benches lie over higher ones. Days are those of the period: the plan says no more.": (
        "Что план вынимает на каждом уступе за период, по блокам; не проект, без съездов. Нижние "
        "уступы лежат поверх верхних. Даты – границы периода: точнее план не говорит."
    ),
    "Data": "Данные",
    "Label": "Подпись",
    "Workings": "Ход расчёта",
    "The arrow shows grid north.": "Стрелка – север координатной сетки.",
    "True north is the same here.": "Истинный север здесь тот же.",
    "True north lies {}° east of it here.": "Истинный север здесь на {}° восточнее.",
    "True north lies {}° west of it here.": "Истинный север здесь на {}° западнее.",
    "Lines of equal elevation every {} m, counted from: {x}.": (
        "Горизонтали через {} м, отметки от: {x}."
    ),
    "lines of equal elevation every {} m, counted from: {x}": (
        "горизонтали через {} м, отметки от: {x}"
    ),
    "an invented zero": "вымышленный ноль",
    "one block": "один блок",
    "one block, {} x {} pixels": "один блок, {} x {} пикс.",
    "mean of {} x {} blocks": "среднее {} x {} блоков",
    "mean of {} x {} blocks, {} x {} pixels": "среднее {} x {} блоков, {} x {} пикс.",
    "benches, the lowest first": "уступы, нижний первый",
    "low": "низкая",
    "medium": "средняя",
    "high": "высокая",
    "published record": "опубликованная запись",
    "published point": "опубликованная точка",
    "drawn through published points": "проведено через опубликованные точки",
    "inference": "вывод",
    "working default": "рабочее допущение",
    "analogue": "аналог",
    "deposit": "месторождение",
    "location uncertainty": "погрешность положения",
    "stockpile": "склад",
    "not mined in this plan": "не в этом плане",
    "where the plant may stand": "где может стоять фабрика",
    "location": "положение",
    "label point of an area": "точка подписи площади",
    "schematic course, not surveyed": "схематично, без съёмки",
    "index": "утолщённая",
    "admin": "административная единица",
    "lake": "озеро",
    "waypoint": "точка на пути",
}
