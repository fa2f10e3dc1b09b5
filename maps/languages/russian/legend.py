"""What stands in the legends and over the groups of layers in Russian?"""

LABELS: dict[str, str] = {
    # Groups and titles of layers.
    "Mine limits": "Границы горных работ",
    "Drillholes": "Скважины",
    "Ore fields": "Рудные поля",
    "Plants": "Фабрики",
    "Places and ways": "Населённые пункты и дороги",
    "Other layers": "Прочие слои",
    "Terrain": "Рельеф",
    "Topography": "Рельеф",
    "Block model": "Блочная модель",
    "Mine plan": "План горных работ",
    "Collars": "Устья скважин",
    "Composites": "Композиты",
    "Deposits": "Месторождения",
    "Drillhole traces": "Траектории скважин",
    "Licence": "Лицензионная площадь",
    "Pits": "Карьеры",
    "Stopes": "Камеры",
    "Places": "Населённые пункты",
    "Roads": "Дороги",
    "Rivers": "Реки",
    "Ore plants": "Рудные фабрики",
    "Where fields and plants may lie": "Где могут лежать поля и фабрики",
    "Reserve blocks": "Подсчётные блоки",
    # Classes.
    "Settlement": "Населённый пункт",
    "Tunnel": "Тоннель",
    "District name (label point only)": "Название района (только подпись)",
    "Other place": "Другое место",
    "Ore field of this study (best guess or published point)": (
        "Рудное поле этого исследования (предположение или опубликованная точка)"
    ),
    "Deposit of this study (drilled)": "Месторождение этого исследования (разбурено)",
    "Record that may be this field": "Запись, возможно, об этом поле",
    "Record that may be this field: where it may lie": (
        "Запись, возможно, об этом поле: где может лежать месторождение"
    ),
    "May be the field": "Возможно, это поле",
    "The point marks the drilled deposit; it is no outline.": (
        "Точка отмечает разбуренное месторождение; это не контур."
    ),
    "Other deposit on record": "Другое известное месторождение",
    "Analogue elsewhere": "Аналог в другом месте",
    "Ore plant": "Рудная фабрика",
    "Ore field: where the deposit may lie, not its outline": (
        "Рудное поле: где может лежать месторождение, не его контур"
    ),
    "where the deposit may lie, not its outline": "где может лежать месторождение, не его контур",
    "Plant: where it may stand": "Фабрика: где она может стоять",
    "Other record: where it may lie": "Другая запись: где оно может лежать",
    "Road": "Дорога",
    "River": "Река",
    "Reserve block, category A": "Подсчётный блок, категория A",
    "Reserve block, category B": "Подсчётный блок, категория B",
    "Reserve block, category C1": "Подсчётный блок, категория C1",
    "Reserve block, category C2": "Подсчётный блок, категория C2",
    "Reserve block, category P": "Подсчётный блок, категория P",
    "Reserve block, other category": "Подсчётный блок, другая категория",
    "Collar": "Устье скважины",
    "Extent of the block model": "Контур блочной модели",
    "Pushback, crest": "Этап отработки, бровка",
    "Ultimate pit, crest": "Предельный карьер, бровка",
    "Shell of a revenue factor, crest": "Оболочка при множителе цены, бровка",
    "Feature": "Объект",
    "all values": "все значения",
    "grade not known": "содержание неизвестно",
    "no composite in a domain": "нет композита в домене",
    "not assayed": "не опробовано",
    "not estimated": "не оценено",
    # Notes under layers.
    "Colour: the best composite of the hole. Vertical holes show their collar.": (
        "Цвет: лучший композит скважины. У вертикальных скважин видно только устье."
    ),
    "Crests of optimal pits for the stated prices, costs and slopes; no design.": (
        "Бровки оптимальных карьеров при указанных ценах, затратах и углах бортов; не проект."
    ),
    "Extent of the grid of blocks, not of the deposit.": "Контур сетки блоков, не месторождения.",
    "In plan at mid height of their level; colour: grade, diluted.": (
        "План на середине высоты горизонта; цвет: содержание с разубоживанием."
    ),
    "Points are published or inferred positions; none is a surveyed outline.": (
        "Положения точек опубликованы или определены косвенно; ни одно не является снятым контуром."
    ),
    "Dashed discs say how far off a point may be; they outline no deposit.": (
        "Пунктирные круги показывают погрешность точки; это не контуры месторождений."
    ),
    "Dashed circles show where the deposit may lie, not its outline.": (
        "Пунктирные круги: где может лежать месторождение, не его контур."
    ),
    "Schematic course, not surveyed.": "Схематично, без съёмки.",
    "Uncertainty of position": "Погрешность положения",
    "Record": "Запись",
    "Feeds": "Питает",
    # Titles of tables.
    "SYNTHETIC {x}": "SYNTHETIC {x}",
    "Claims of the public story": "Публичные утверждения",
    "Claims of the public story ({})": "Публичные утверждения ({})",
    "Grade and tonnage": "Содержание и тоннаж",
    "Published statements": "Опубликованные подсчёты",
    "Scenarios": "Варианты",
    "Scenarios ({})": "Варианты ({})",
    "Tests of the plan": "Проверки плана",
    "Activities of the plan": "Работы плана",
    "All stopes together": "Все камеры вместе",
    "Balance of compositing": "Баланс композитирования",
    "Benches of the pit": "Уступы карьера",
    "Cross-validation": "Перекрёстная проверка",
    "Cross-validation, sample by sample": "Перекрёстная проверка по пробам",
    "Cut-off of each year (Lane's policy)": "Бортовой доход по годам (политика Лейна)",
    "Cut-offs of the mine": "Бортовые содержания рудника",
    "Experimental variograms": "Экспериментальные вариограммы",
    "Figures the mine limits rest on": "Исходные показатели границ горных работ",
    "Findings on the drilling": "Замечания к бурению",
    "Frame of levels and sections": "Сетка горизонтов и секций",
    "Grade-tonnage curves of the smoothing check": "Кривые проверки сглаживания",
    "Histograms of composites": "Гистограммы композитов",
    "Kriging neighbourhood analysis": "Анализ поисковой окрестности кригинга",
    "Leanest ore of the plant by year, and Lane's cut-off": (
        "Беднейшая руда фабрики по годам и бортовой доход Лейна"
    ),
    "Limits of the plan by what they hold back": "Ограничения плана по тому, что они сдерживают",
    "Limits of the plan, period by period": "Ограничения плана по периодам",
    "Log-probability of composites": "Логвероятностные графики композитов",
    "Mean of the estimate against other means": "Среднее оценки против других средних",
    "Neighbourhoods that the analysis suggests": "Предлагаемые окрестности поиска",
    "Nested shells, pit by pit": "Вложенные оболочки карьера",
    "Places of the frame that were tried": "Испытанные положения сетки",
    "Plan of the mine, period by period": "План рудника по периодам",
    "Plan of the mine, year by year": "План рудника по годам",
    "Pushbacks": "Этапы отработки",
    "Searches of the estimation": "Поисковые проходы оценки",
    "Smoothing of the estimate": "Сглаживание оценки",
    "Statistics of composites by domain": "Статистика композитов по доменам",
    "Stopes by cut-off": "Камеры по бортовому содержанию",
    "Stopes by level": "Камеры по горизонтам",
    "Stopes by price": "Камеры по цене",
    "Stopes by section": "Камеры по секциям",
    "Stopes of the plan": "Камеры плана",
    "Stopes, one a row": "Камеры, по одной в строке",
    "Structures of the variogram models": "Структуры моделей вариограмм",
    "Swaths": "Профили средних (swath)",
    "The pit dug in pushbacks": "Карьер по этапам",
    "The pit dug in pushbacks, year by year": "Карьер по этапам и годам",
    "The plan and other ways of choosing": "План и другие способы выбора",
    "The truth (SYNTHETIC) above cut-offs": "Истина (SYNTHETIC) по бортовым содержаниям",
    "Tonnage by GKZ category": "Тоннаж по категориям ГКЗ",
    "Tonnage of all blocks, for comparison only": "Тоннаж всех блоков, только для сравнения",
    "Tonnage of the block model above cut-offs": "Тоннаж модели выше бортовых содержаний",
    "Tonnage of the block model between cut-offs": "Тоннаж модели между бортовыми содержаниями",
    "Top-cuts": "Урезка ураганных проб",
    "Ultimate pit": "Предельный карьер",
    "Variogram models": "Модели вариограмм",
    "Variogram models drawn out": "Кривые моделей вариограмм",
    "What a buyer of the pit's concentrate would refuse": (
        "Что покупатель концентрата карьера не примет"
    ),
    "What a buyer of the stopes' concentrate would refuse": (
        "Что покупатель концентрата камер не примет"
    ),
    "What could feed a line that takes rich ore only": "Чем питать линию только богатой руды",
    "What is proven of the stopes": "Что доказано о камерах",
    "What of the model may be ore": "Что в модели может быть рудой",
    "What the plan is worth, and what is proven": "Чего стоит план и что доказано",
    "What would help the plan": "Что помогло бы плану",
    "Where ore and metal of the plan go": "Куда идут руда и металл плана",
    "Worth of Lane's policy": "Ценность политики Лейна",
}
