"""What do the sentences about a mine, its plan and its variograms say in Russian?"""

LABELS: dict[str, str] = {
    "Stopes: {k}": "Камеры: {k}",
    "Open pit: {k}": "Карьер: {k}",
    "Proven optimal for this step and frame; the proven bound exceeds the value by {} %.": (
        "Доказано: оптимально для этого шага и этой сетки; доказанная граница выше ценности на "
        "{} %."
    ),
    "Proven optimal for this step and frame; value and proven bound are equal.": (
        "Доказано: оптимально для этого шага и этой сетки; ценность равна доказанной границе."
    ),
    "Proven optimal for these blocks and slopes; value and proven bound are equal.": (
        "Доказано: оптимально для этих блоков и углов бортов; ценность равна доказанной границе."
    ),
    "Ore of the stopes by class: {k}.": "Руда камер по категориям: {k}.",
    "{} t of ore a year in years {} to {}.": "{} т руды в год в годы {}–{}.",
    "The plan has {} t or more in each of them; that none has more than {} t is proven.": (
        "В плане не менее {} т в каждый из них; доказано, что больше {} т ни в каком плане нет."
    ),
    "In the plan {} t are mined and the plant runs in years {} to {}: {} t in its full years and "
    "{} t a year in the mean of all.": (
        "По плану добывается {} т, фабрика работает в годы {}–{}: {} т в полные годы и {} т в "
        "год в среднем за все."
    ),
    "What holds its worth back is the {k}: {} % of what all limits are worth, then the {k} ({} "
    "%).": (
        "Ценность сдерживает прежде всего: {k}, {} % цены всех ограничений, затем: {k} ({} %)."
    ),
    "What holds the rate down that can be held: the {k} ({} %).": (
        "Выдержанную мощность ограничивает: {k} ({} %)."
    ),
    "The {k} is full in {} of {} periods of the plan; one t more is worth up to {} USD in one of "
    "them, undiscounted.": (
        "Полная загрузка, {k}: {} из {} периодов плана; одна тонна сверх стоит в одном из них "
        "до {} долл., без дисконтирования."
    ),
    "The plan is worth {} M USD at {} % a year (mid year); no plan can pass {} M USD, so that it "
    "is at most {} % below the best there is.": (
        "План стоит {} млн долл. при {} % годовых (середина года); ни один план не превысит {} "
        "млн долл., так что он не более чем на {} % ниже лучшего возможного."
    ),
    "An independent check of every limit, sequence, share and sum found nothing wrong.": (
        "Независимая проверка каждого ограничения, очерёдности, доли и суммы ошибок не нашла."
    ),
    "To hold the rate costs less than {} % of its worth: without it no plan can pass {} M USD "
    "either.": (
        "Выдержка мощности стоит менее {} % ценности: и без неё ни один план не превысит {} "
        "млн долл."
    ),
    "The plan stops after year {}: the years after it would not earn the fixed cost of a year; "
    "without them it is worth {} USD more.": (
        "План кончается после года {}: дальнейшие годы не окупили бы постоянных затрат года; "
        "без них он дороже на {} долл."
    ),
    "Lane's policy knows no place: no access and no sequence, any ore at any time.": (
        "Политика Лейна не знает места: ни вскрытия, ни очерёдности, любая руда в любое время."
    ),
    "Neither it nor the plan knows the error of the estimate: every grade is taken as estimated.": (
        "Ни она, ни план не знают ошибки оценки: каждое содержание принято как оценённое."
    ),
    "What would raise the rate that can be held: {k}.": "Выдержанную мощность подняло бы: {k}.",
    "What would add to its worth, by the relaxed problem: {k}.": (
        "Ценность прибавило бы, по ослабленной задаче: {k}."
    ),
    "{} % more of the {k}: {x}": "на {} % больше: {k}: {x}",
    "All classes are put together here only to be held against the truth.": (
        "Все категории сложены здесь только для сравнения с истиной."
    ),
    "Kilotonnes of ore, diluted and recovered, in each panel; colour: grade as on the map.": (
        "Тысячи тонн руды с учётом потерь и разубоживания в каждой панели; цвет: содержание, как "
        "на карте."
    ),
    "Levels from the top down, sections along strike, as on a longitudinal section; the last "
    "column and row are totals.": (
        "Горизонты сверху вниз, секции по простиранию, как на продольной проекции; последние "
        "столбец и строка – итоги."
    ),
    "{} columns: scroll the table sideways to see them all": "Столбцов {}: прокрутите таблицу вбок",
    "Every stope with its widths and dips is in the GeoPackage, tables and layer.": (
        "Каждая камера с шириной и углами падения – в GeoPackage, в таблицах и слое."
    ),
    "The licence bounds the pit: it would be larger without.": (
        "Лицензия ограничивает карьер: без неё он был бы больше."
    ),
    "{} pushbacks were asked for; {} could be made.": "Задано этапов: {}; удалось построить: {}.",
    "Discounted value {} million USD; with one cut-off of {} USD/t throughout {} million USD.": (
        "Дисконтированная ценность {} млн долл.; при одном борте {} долл./т на весь срок {} млн "
        "долл."
    ),
    "Each bar is a stope while ore is drawn, coloured by its grade as on the map; the thin grey "
    "line before it is its preparation, the green one after it its backfill.": (
        "Каждая полоса – камера, пока идёт выпуск руды, цвет по содержанию, как на карте; "
        "тонкая серая линия перед ней – подготовка, зелёная после неё – закладка."
    ),
    "The dark line over a level is its access and headings.": (
        "Тёмная линия над горизонтом – вскрытие и проходка."
    ),
    "Bars cover whole periods.": "Полосы занимают целые периоды.",
    "Point at a bar for its facts.": "Наведите на полосу, чтобы увидеть её данные.",
    "Each strip is a limit; the darker, the fuller.": (
        "Каждая полоса – ограничение; чем темнее, тем полнее загружено."
    ),
    "parts of what all limits are worth at the margin, and of what they take from the rate; "
    "worth of a unit more in its best period": (
        "доли предельной цены всех ограничений и того, что они отнимают у мощности; цена "
        "дополнительной единицы в лучший её период"
    ),
    "{k} is shown apart and is not added to higher categories.": (
        "{k}: показано отдельно и не складывается с более высокими категориями."
    ),
    "Variogram models (practical ranges along the major, semi-major and minor axis)": (
        "Модели вариограмм (практические радиусы по главной, средней и малой осям)"
    ),
    "(a file beside this).": "(файл рядом с этим).",
    "{x}: fitted to the experimental variogram on normal scores.": (
        "{x}: подобрана по экспериментальной вариограмме нормализованных значений."
    ),
    "{x}: fitted to the experimental variogram.": (
        "{x}: подобрана по экспериментальной вариограмме."
    ),
    "{x}: of the shape of {k} on normal scores.": (
        "{x}: по форме как у элемента «{k}», по нормализованным значениям."
    ),
    "Nugget {} ({} % of the sill), sill {}.": "Самородковый эффект {} ({} % порога), порог {}.",
    "Spherical {}: {} x {} x {} m.": "Сферическая {}: {} × {} × {} м.",
    "Exponential {}: {} x {} x {} m.": "Экспоненциальная {}: {} × {} × {} м.",
    "Major axis: azimuth {}, dip {}, rake {} degrees (GSLIB).": (
        "Главная ось: азимут {}, падение {}, склонение {}° (GSLIB)."
    ),
    "Values are shown in steps: {x}. The table of blocks holds them in full.": (
        "Значения показаны с шагом: {x}. В таблице блоков они стоят полностью."
    ),
    "A line under it marks when a unit more of it would be worth something: its shadow price in "
    "the relaxed problem is above {}.": (
        "Черта под ней отмечает, когда дополнительная единица чего-то стоила бы: её теневая "
        "цена в ослабленной задаче выше {}."
    ),
    "{} t in {} years": "{} т за {} [год|года|лет]",
    "ore sold as mined, past the plant {} t": "руда, проданная мимо фабрики {} т",
    "per {k}": "за {k}",
    "stope years": "[камеро-год|камеро-года|камеро-лет]",
}
