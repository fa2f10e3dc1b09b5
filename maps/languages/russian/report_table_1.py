"""What does the skeleton of JORC Table 1 ask in Russian, and in which words does it answer?"""

LABELS: dict[str, str] = {
    "DRAFT - unsigned": "ЧЕРНОВИК – без подписи (DRAFT - unsigned)",
    "Skeleton of JORC Table 1 (2012 edition), filled by a program with what the study knows.": (
        "Заготовка таблицы 1 JORC (издание 2012 года), заполненная программой тем, что известно "
        "исследованию."
    ),
    "No Competent Person has read, completed or signed it; it is not a public report.": (
        "Ни одно компетентное лицо её не читало, не дополняло и не подписывало; это не публичный "
        "отчёт."
    ),
    "Section 1: sampling techniques and data": "Раздел 1: методы опробования и данные",
    "Sampling techniques": "Методы опробования",
    "How was the ground sampled, and is it representative?": (
        "Как опробованы недра, представительны ли пробы?"
    ),
    "Drilling techniques": "Методы бурения",
    "Which kind of drilling, which diameter, was core oriented?": (
        "Какое бурение, каким диаметром, ориентирован ли керн?"
    ),
    "Drill sample recovery": "Выход керна",
    "How much was recovered, and does grade depend on it?": (
        "Каков выход и зависит ли от него содержание?"
    ),
    "Logging": "Документация керна",
    "Was all core logged well enough for an estimate?": (
        "Весь ли керн описан достаточно для оценки?"
    ),
    "Sub-sampling and sample preparation": "Сокращение и подготовка проб",
    "How were samples split and prepared, with which duplicates?": (
        "Как пробы делили и готовили, с какими дубликатами?"
    ),
    "Quality of assay data and laboratory tests": "Качество анализов и лабораторный контроль",
    "Which method, which standards, blanks and checks?": (
        "Каким методом, с какими стандартами, холостыми пробами и контролем?"
    ),
    "Verification of sampling and assaying": "Заверка опробования и анализов",
    "Who checked results, were holes twinned, were data changed?": (
        "Кто заверял результаты, есть ли скважины-двойники, меняли ли данные?"
    ),
    "Location of data points": "Привязка точек",
    "How were collars and traces surveyed, in which grid and datum?": (
        "Как привязаны устья и трассы, в какой сетке и системе высот?"
    ),
    "Data spacing and distribution": "Плотность и расположение данных",
    "Are holes close enough; were samples composited?": (
        "Достаточно ли густа сеть; сведены ли пробы в композиты?"
    ),
    "Orientation of data in relation to structure": "Направление опробования к структуре",
    "Does the direction of drilling bias the sampling?": (
        "Смещает ли опробование направление бурения?"
    ),
    "Sample security": "Сохранность проб",
    "Who kept the samples, from hole to laboratory?": (
        "Кто хранил пробы на пути от скважины до лаборатории?"
    ),
    "Audits or reviews": "Аудит и рецензии",
    "Has anybody audited sampling and data?": "Проверял ли кто-нибудь опробование и данные?",
    "Section 2: reporting of exploration results": "Раздел 2: результаты разведки",
    "Mineral tenement and land tenure": "Права на недра и землю",
    "Who holds which right to the ground, and how safe is it?": (
        "У кого какое право на недра и насколько оно надёжно?"
    ),
    "Exploration done by other parties": "Разведка других организаций",
    "What did others find before?": "Что нашли до этого другие?",
    "Which type of deposit, in which setting?": "Какой тип месторождения, в какой обстановке?",
    "Drillhole information": "Сведения о скважинах",
    "Where are the holes, how deep, in which direction?": (
        "Где скважины, какой глубины, в каком направлении?"
    ),
    "Data aggregation methods": "Способы усреднения",
    "How were grades averaged and cut; any equivalents?": (
        "Как усредняли и урезали содержания; есть ли эквиваленты?"
    ),
    "Mineralisation widths and intercept lengths": "Мощность оруденения и длина пересечений",
    "Are widths true widths?": "Истинные ли это мощности?",
    "Diagrams": "Графика",
    "Which maps and sections show it?": "На каких картах и разрезах это видно?",
    "Balanced reporting": "Взвешенность",
    "Are low and high results told alike?": "Одинаково ли сказано о низких и высоких результатах?",
    "Other substantive exploration data": "Прочие существенные данные разведки",
    "What else bears on it?": "Что ещё важно?",
    "Further work": "Дальнейшие работы",
    "What has to be found out next?": "Что нужно выяснить дальше?",
    "Section 3: estimation and reporting of mineral resources": (
        "Раздел 3: оценка и представление минеральных ресурсов"
    ),
    "Database integrity": "Целостность базы данных",
    "How were data kept and checked?": "Как данные хранили и проверяли?",
    "Site visits": "Посещение участка",
    "Has the Competent Person been there?": "Было ли там компетентное лицо?",
    "Geological interpretation": "Геологическая интерпретация",
    "How sure is the interpretation, and what if it is another?": (
        "Насколько надёжна интерпретация и что, если она иная?"
    ),
    "Dimensions": "Размеры",
    "How long, wide and deep is the resource?": "Каковы длина, ширина и глубина ресурсов?",
    "Estimation and modelling techniques": "Методы оценки и моделирования",
    "Which method, blocks, search and checks?": "Каким методом, в каких блоках, поиск, проверки?",
    "Moisture": "Влажность",
    "Are tonnes dry or wet?": "Тонны сухие или влажные?",
    "Cut-off parameters": "Бортовые параметры",
    "On what does the cut-off rest?": "На чём основано бортовое содержание?",
    "Mining factors or assumptions": "Горные факторы и допущения",
    "Which way of mining is assumed?": "Какой способ отработки принят?",
    "Metallurgical factors or assumptions": "Технологические факторы и допущения",
    "Which recovery is assumed, on which tests?": "Какое извлечение принято, по каким испытаниям?",
    "Environmental factors or assumptions": "Экологические факторы и допущения",
    "Where do waste and residue go?": "Куда идут вскрыша и хвосты?",
    "Bulk density": "Объёмная масса",
    "How was density found?": "Как определена плотность?",
    "Classification": "Классификация",
    "On which criteria are the classes told apart?": "По каким признакам различены категории?",
    "Reasonable prospects of eventual economic extraction": (
        "Обоснованные перспективы экономически выгодной добычи"
    ),
    "Why may it be mined one day?": "Почему это когда-нибудь можно будет добыть?",
    "How much, how rich, in which class?": "Сколько, какого содержания, в какой категории?",
    "Has anybody reviewed the estimate?": "Рецензировал ли кто-нибудь оценку?",
    "Discussion of relative accuracy and confidence": "Относительная точность и достоверность",
    "How far may it be off?": "Насколько оценка может ошибаться?",
    "Section 4: estimation and reporting of ore reserves": (
        "Раздел 4: оценка и представление рудных запасов"
    ),
    "Mineral resource estimate for conversion": "Ресурсы, переводимые в запасы",
    "Which resource is it made from?": "Из каких ресурсов они получены?",
    "Study status": "Стадия исследования",
    "Which level of study has been done?": "Исследование какого уровня выполнено?",
    "Method, slopes, dilution, recovery?": "Система, углы бортов, разубоживание, извлечение?",
    "Costs, revenue factors and market": "Затраты, выручка и рынок",
    "Which prices, costs and terms, from whom?": "Какие цены, затраты и условия, от кого?",
    "Economic": "Экономика",
    "What is it worth, and what moves that?": "Сколько это стоит и что на это влияет?",
    "Does the plan hold": "Выполняется ли план",
    "What do the tests of the plan find?": "Что показывают проверки плана?",
    "Social, legal and permits": "Общество, право и разрешения",
    "What is agreed with whom, what is permitted?": "О чём с кем договорились, что разрешено?",
    "Which part is proved, which probable?": "Какая часть доказана, какая вероятна?",
    # What the study knows.
    "{} drillholes, {} m, {} assayed intervals.": (
        "Скважин: {}, {} м, интервалов с анализами: {}."
    ),
    "{} composites of {} m.": "Композитов: {}, длиной {} м.",
    "Top-cut {k}: {}.": "Урезка ураганных значений, {k}: {}.",
    "{} findings of the checks stand under the quality of assay data.": (
        "Замечаний проверки: {}; они стоят в строке о качестве анализов."
    ),
    "Coordinates in {x}; layers and their sources are in chapter {}.": (
        "Координаты в {x}; слои и их источники – в главе {}."
    ),
    "{x} (owner as published; tenure not checked)": (
        "{x} (владелец по публикациям; права не проверены)"
    ),
    "The map of chapter {}; layers and sections are in the map page and the QGIS project.": (
        "Карта главы {}; слои и разрезы – на странице карты и в проекте QGIS."
    ),
    "Domain: {x}.": "Домен: {x}.",
    "Parent blocks of {} x {} x {} m.": "Исходные блоки {} × {} × {} м.",
    "{x}: ordinary kriging in {} search passes.": "{x}: обычный кригинг, проходов поиска: {}.",
    "{x}: simple kriging in {} search passes.": "{x}: простой кригинг, проходов поиска: {}.",
    "The cut-off rests on: {x}.": "Бортовое содержание основано на: {x}.",
    "Prices: not stated.": "Цены: не указаны.",
    "Recoveries: not stated.": "Извлечение: не указано.",
    "Costs: not stated.": "Затраты: не указаны.",
    "Royalty: not stated.": "Роялти: не указано.",
    "Classification: not stated.": "Классификация: не указана.",
    "Tonnes: not stated.": "Тонны: сухие или влажные – не указано.",
    "Figures are rounded to two significant figures; totals may not add due to rounding.": (
        "Числа округлены до двух значащих цифр; из-за округления суммы могут не сходиться."
    ),
    "Exchange rate: not stated.": "Курс валюты: не указан.",
    "Competent Person: not stated.": "Компетентное лицо: не указано.",
    "Effective date: not stated.": "Дата оценки: не указана.",
    "Reasonable prospects of eventual economic extraction: not assessed.": (
        "Обоснованные перспективы экономически выгодной добычи: не оценены."
    ),
    "Laid out as stopes under ground and as an open pit.": ("Размечены подземные камеры и карьер."),
    "Laid out as stopes under ground.": "Размечены подземные камеры.",
    "Laid out as an open pit.": "Размечен карьер.",
    "Density: column {x}.": "Плотность: столбец {x}.",
    "Density: {} t/m3.": "Плотность: {} т/м³.",
    "In situ, at or above a cut-off of {} % {x} (base case), before loss and dilution:": (
        "В недрах, от борта {} % {x} (базовый случай), до потерь и разубоживания:"
    ),
    "{k}: {} t at {k}, containing {k}.": "{k}: {} т, {k}, содержит {k}.",
    "{k}: approximately {} t at {k}, containing {k}.": "{k}: около {} т, {k}, содержит {k}.",
    "Classification: {k}": "Классификация: {k}",
    "{k}: drill spacing up to {} m": "{k}: сеть до {} м",
    "Measured: {k}": "Measured (измеренные): {k}",
    "Indicated: {k}": "Indicated (исчисленные): {k}",
    "Inferred: {k}": "Inferred (предполагаемые): {k}",
    "drill spacing up to {} m": "сеть бурения до {} м",
    "slope of regression at least {}": "наклон регрессии не менее {}",
    "search pass up to {}": "проход поиска до {}",
    "at least {} drillholes": "скважин не менее {}",
    "then smoothed over {} x {} x {} blocks, which moved {k}.": (
        "затем сглажено по {} × {} × {} блокам, при этом перешло {k}."
    ),
    "{} t from Indicated to Inferred": "{} т из Indicated в Inferred",
    "{} t from Indicated to Measured": "{} т из Indicated в Measured",
    "{} t from Inferred to Indicated": "{} т из Inferred в Indicated",
    "{} t from Inferred to Measured": "{} т из Inferred в Measured",
    "{} t from Measured to Indicated": "{} т из Measured в Indicated",
    "{} t from Measured to Inferred": "{} т из Measured в Inferred",
    "{x}, {} (reported).": "{x}, {} (опубликовано).",
    "{x}, {} (derived).": "{x}, {} (выведено).",
    "{x}, {} (assumed).": "{x}, {} (допущение).",
}
