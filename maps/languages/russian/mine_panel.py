"""How are the tables and figures of a mine and its plan headed in Russian?"""

LABELS: dict[str, str] = {
    "Best and worst NPV by revenue factor": "Лучший и худший ЧДД по множителю цены",
    "Cash of each year, and discounted cash so far": (
        "Денежный поток по годам и накопленный дисконтированный"
    ),
    "Colours of the grade": "Цвета содержания",
    "Feed of each year against its target, and its grade": (
        "Питание фабрики по годам, цель и содержание"
    ),
    "Grade and tonnage by class": "Содержание и тоннаж по категориям",
    "How full each limit is, period by period": "Загрузка ограничений по периодам",
    "How full each limit is": "Загрузка ограничений",
    "Ore and waste by revenue factor": "Руда и пустая порода по множителю цены",
    "Ore by level and section": "Руда по горизонтам и секциям",
    "Ore by level and section, kt": "Руда по горизонтам и секциям, тыс. т",
    "Stopes in time": "Камеры во времени",
    "Stopes of the plan by level and year": "Камеры плана по горизонтам и годам",
    "Strip ratio and grade by revenue factor": "Коэффициент вскрыши и содержание по множителю цены",
    "The estimate beside the truth": "Оценка рядом с истиной",
    "All columns of the years": "Все столбцы по годам",
    "At or above {} % Sb, the base cut-off; in situ": (
        "От {} % Sb (базовое бортовое содержание); в недрах"
    ),
    "At the stated prices and costs": "При указанных ценах и затратах",
    "Benches of the pit, from the top down": "Уступы карьера сверху вниз",
    "Certificate": "Свидетельство",
    "Composites (CV: standard deviation over mean)": "Композиты (Кв: отклонение к среднему)",
    "Costs and charges of the whole plan": "Затраты и сборы всего плана",
    "Cut-off on the return, year by year (Lane's policy)": "Бортовой доход по годам (Лейн)",
    "Cut-offs": "Бортовые содержания",
    "Figures the mine rests on": "Исходные показатели рудника",
    "GKZ categories, as the study converts them; no State Commission approved them": (
        "Категории ГКЗ, как их переводит исследование; комиссия их не утверждала"
    ),
    "Leanest ore that goes to the plant, and Lane's cut-off": (
        "Беднейшая руда фабрики и бортовой доход Лейна"
    ),
    "Limits by what they hold back": "Ограничения по тому, что они сдерживают",
    "{x}, ordinary kriging": "{x}, обычный кригинг",
    "Mineralised horizon (breccia and jasperoid)": "Рудный горизонт (брекчия и джаспероид)",
    "Nested shells by factor on the metal prices": "Вложенные оболочки карьера по множителю цен",
    "Ore by level and class": "Руда по горизонтам и категориям",
    "Periods shorter than a year ({})": "Периоды короче года ({})",
    "Plan by year": "План по годам",
    "Pushbacks dug in their order; money in million USD": (
        "Этапы по порядку; денежные величины в млн долл."
    ),
    "Pushbacks, in the order of digging": "Этапы отработки по порядку",
    "Stopes by level, from the top down": "Камеры по горизонтам сверху вниз",
    "Stopes by section, along strike": "Камеры по секциям, по простиранию",
    "Stopes laid out again for each cut-off": (
        "Камеры, разбитые заново для каждого бортового содержания"
    ),
    "Stopes laid out again for each price": "Камеры, разбитые заново для каждой цены",
    "The best first": "Лучшие первыми",
    "The same mine, chosen in other ways": "Тот же рудник при других способах выбора",
    "The truth (SYNTHETIC)": "Истина (SYNTHETIC)",
    "What a buyer of the concentrate would refuse": "Что покупатель концентрата не примет",
    "What would help": "Что помогло бы",
    "Plan of stopes under ground": "План подземных камер",
    "Plan of the open pit": "План карьера",
    "Plan of the mine": "План рудника",
    "Pit by pit": "Карьер за карьером",
    "NPV in million USD; best: shell after shell, worst: bench after bench": (
        "ЧДД в млн долл.; лучший: оболочка за оболочкой, худший: уступ за уступом"
    ),
    "after {x} to open levels": "после {x} на вскрытие горизонтов",
    "{x}; opening them takes {x}": "{x}; их вскрытие стоит {x}",
    "at {} % a year, mid year": "при {} % годовых, середина года",
    "at {} % a year, end of year": "при {} % годовых, конец года",
    "at {} % a year, start of year": "при {} % годовых, начало года",
    "base cut-off": "базовое бортовое содержание",
    "level {}": "горизонт {}",
    "lowest feed of years {} to {}": "наименьшее питание в годы {}–{}",
    "stated prices": "указанные цены",
    "the best stope that is left, first": "сначала лучшая из оставшихся камер",
    "the first plan found without the rate": "первый план без требования мощности",
    "schedule of the estimated blocks, with its bound": (
        "календарный план оценённых блоков, с его границей"
    ),
    "no plan holds more than {} t": "больше {} т не выдержит ни один план",
    "the plan that pays best and holds the rate": "самый выгодный план с выдержкой мощности",
    "Stopes and open pit are two ways to mine the same ore; the plan schedules the stopes.": (
        "Камеры и карьер — два способа взять одну и ту же руду; план составлен для камер."
    ),
    "Stopes and open pit are two ways to mine the same ore; the plan schedules the open pit.": (
        "Камеры и карьер — два способа взять одну и ту же руду; план составлен для карьера."
    ),
    "Stopes and open pit are two ways to mine the same ore; no plan schedules either.": (
        "Камеры и карьер — два способа взять одну и ту же руду; план не составлен ни для одного."
    ),
    "Discounted at {} % a year ({x}), before fixed cost, initial capital and tax, the stopes as "
    "planned are worth {} million USD and the open pit dug in pushbacks {} million USD: "
    "discounted, the stopes are worth more.": (
        "С дисконтированием {} % годовых ({x}), до постоянных затрат, начальных вложений и "
        "налогов, камеры по плану стоят {} млн долл., а карьер по этапам {} млн долл.: с "
        "дисконтированием дороже камеры."
    ),
    "Discounted at {} % a year ({x}), before fixed cost, initial capital and tax, the stopes as "
    "planned are worth {} million USD and the open pit dug in pushbacks {} million USD: "
    "discounted, the open pit is worth more.": (
        "С дисконтированием {} % годовых ({x}), до постоянных затрат, начальных вложений и "
        "налогов, камеры по плану стоят {} млн долл., а карьер по этапам {} млн долл.: с "
        "дисконтированием дороже карьер."
    ),
    "The order of the pushbacks is a rule, not an optimised schedule: dug shell after shell, "
    "whatever their width, it would be worth {} million USD at best.": (
        "Порядок этапов задан правилом, а не оптимизирован: по оболочкам любой ширины карьер "
        "стоил бы не более {} млн долл."
    ),
    "The order of the pushbacks is a rule, not an optimised schedule.": (
        "Порядок этапов задан правилом, а не оптимизирован."
    ),
    "The stopes are discounted at {} % a year ({x}), the open pit at {} % a year ({x}): these "
    "worths stand on two bases and are not compared.": (
        "Камеры дисконтированы на {} % годовых ({x}), карьер на {} % годовых ({x}): основы "
        "разные, ценности не сравниваются."
    ),
    "What either is worth discounted is not known.": (
        "Ценность с дисконтированием не известна ни для одного."
    ),
    "Discounted at {} % a year ({x}), the {x}: {} million USD; what the {x} would be worth "
    "discounted is not known, so they are not compared.": (
        "С дисконтированием {} % годовых ({x}), {x}: {} млн долл.; для другого способа ({x}) "
        "ценность с дисконтированием не известна, они не сравниваются."
    ),
    "discounted: {} million USD": "с дисконтированием: {} млн долл.",
    "mid year": "середина года",
    "the estimate, all classes, holds {k} tonnes and {k} metal than the truth at or above {} "
    "{x}.": (
        "в оценке, все категории вместе, {k} руды и {k} металла, чем в истине, при {} {x} и выше."
    ),
    "{} % more": "на {} % больше",
    "{} % fewer": "на {} % меньше",
    "{} % less": "на {} % меньше",
    "two ways to mine the same ore, not to be added; diluted and recovered, worth after costs, "
    "not discounted": (
        "два способа взять одну и ту же руду, не складывать; с учётом потерь и разубоживания, "
        "ценность за вычетом затрат, без дисконтирования"
    ),
    "Lay this drawing over the map": "Показать рисунок поверх карты",
    "Lay this table over the map": "Показать таблицу поверх карты",
    "Bench by bench": "Уступ за уступом",
    "Domains ({})": "Домены ({})",
    "Drilling and samples": "Бурение и опробование",
    "Grade and tonnage above cut-offs": "Руда и содержание при разных бортовых содержаниях",
    "How the blocks were estimated": "Как оценены блоки",
    "In sentences": "Словами",
    "On what the figures rest": "На чём основаны цифры",
    "Open pit, shell by shell": "Карьер по оболочкам",
    "Other ways of choosing, and cut-offs": "Другие способы выбора и бортовые содержания",
    "Places of the frame that were tried ({})": "Испытанные положения сетки ({})",
    "Plan, year by year": "План по годам",
    "Prices, costs and cut-offs of the mine": "Цены, затраты и бортовые содержания рудника",
    "Stopes at other cut-offs and prices": "Камеры при других бортовых содержаниях и ценах",
    "Stopes by level and section": "Камеры по горизонтам и секциям",
    "Stopes of the plan in time": "Камеры плана во времени",
    "Benches of the plan in time": "Уступы плана во времени",
    "Scenarios of the plan ({})": "Варианты плана ({})",
    "Validation": "Проверка оценки",
    "What exactly is proven": "Что именно доказано",
    "What holds the plan back, and what would help": "Что сдерживает план и что помогло бы",
    "What is proven of the plan, and what it leaves out": "Что доказано о плане и чего в нём нет",
    "Year by year": "Год за годом",
    "nothing: they are equal": "ничего: они равны",
    "{} USD/t, block by block": "{} долл./т, по блокам",
    "{} at the diluted head of each stope": "{} при разубоженном питании камер",
    "{} degrees off on average": "в среднем отклонение {} градусов",
    "at most {} too steep": "не более {} круче",
    "{} too flat": "{} положе",
    "Measured {k}": "Measured (измеренные) {k}",
    "Indicated {k}": "Indicated (выявленные) {k}",
    "Inferred {k}": "Inferred (предполагаемые) {k}",
    "rock outside the model {k}": "порода вне модели {k}",
    "Cash of a year, million USD, undiscounted": (
        "Денежный поток за год, млн долл., без дисконтирования"
    ),
    "Discounted cash so far, million USD": "Накопленный дисконтированный поток, млн долл.",
    "Feed of a year": "Питание фабрики за год",
    "Head grade of the feed": "Содержание в питании",
    "a price": "есть цена",
    "each nested shell": "каждая вложенная оболочка",
    "ore to the plant, off the stockpile": "руда на фабрику со склада",
    "ore to the plant, straight from the mine": "руда на фабрику прямо из рудника",
    "revenue factor": "множитель цены",
    "stopes, found again for each": "камеры, найденные заново",
    "the estimate, all classes": "оценка, все категории",
    "the truth (SYNTHETIC)": "истина (SYNTHETIC)",
    "what the plant is to have: {} t in a full year": "нужно фабрике: {} т в полный год",
    "{} % higher metal prices": "цены металлов выше на {} %",
    "{} % more of the {x}": "на {} % больше: {x}",
    "one more stope in cycle": "ещё одна камера в работе",
    "A unit more": "Дополнительная единица",
    "After fixed cost": "После постоянных затрат",
    "Antimony recovery": "Извлечение сурьмы",
    "{x}: concentrate refused above": "{x}: концентрат не принимают выше",
    "{x}: free of penalty up to": "{x}: без штрафа до",
    "{x}: penalty for a step": "{x}: штраф за шаг",
    "{x}: recovery to the concentrate": "{x}: извлечение в концентрат",
    "{x}: step of the penalty": "{x}: шаг штрафа",
    "of it without an assay": "из них не опробовано",
    "Assayed intervals": "Опробовано интервалов",
    "Azimuth of the grid": "Азимут сетки",
    "Before opening levels": "До вскрытия горизонтов",
    "Best NPV": "Лучший ЧДД",
    "Worst NPV": "Худший ЧДД",
    "Blend, %": "Шихта, %",
    "Blocks estimated": "Оценено блоков",
    "Bound by": "Чем ограничено",
    "Bound exceeds value by": "Граница выше ценности на",
    "Break-even": "Безубыточность",
    "By class": "По категориям",
    "Change": "Изменение",
    "Chosen by": "Способ выбора",
    "Composites outside the domains": "Композитов вне доменов",
    "Cost of a year whatever is mined": "Постоянные затраты года",
    "Depth below its highest bench": "Глубина от верхнего уступа",
    "Discount rate, real": "Ставка дисконтирования, реальная",
    "Discounted": "С дисконтированием",
    "Undiscounted": "Без дисконтирования",
    "Distance of its worth to the bound that no plan passes": "Расстояние до границы ценности",
    "Drilled": "Пробурено",
    "Factor": "Множитель",
    "Feed of the lowest year after the ramp-up": (
        "Питание фабрики в худший год после освоения мощности"
    ),
    "Feed": "Питание фабрики",
    "File of the blocks": "Файл блоков",
    "Floor": "Подошва",
    "Gold recovery to the concentrate": "Извлечение золота в концентрат",
    "Grade of the concentrate": "Содержание в концентрате",
    "Haulage added for each metre above": "Надбавка доставки за каждый метр выше",
    "Haulage added for each metre below": "Надбавка доставки за каждый метр ниже",
    "Haulage at the reference elevation": "Доставка на опорной отметке",
    "Lane": "Лейн",
    "Least": "Наименьшее",
    "Length of a composite": "Длина композита",
    "Length of the composites": "Длина композитов",
    "Marginal (mill)": "Предельный (фабрика)",
    "Mine, open pit": "Рудник, карьер",
    "Mine, stopes": "Рудник, камеры",
    "Mined as": "Способ отработки",
    "Mining without haulage": "Добыча без доставки",
    "Mining, mean of the operation": "Добыча, среднее по предприятию",
    "Moisture of the concentrate as shipped": "Влажность отгружаемого концентрата",
    "Most of one hole": "Не более из одной скважины",
    "NPV after the fixed cost of its years, before capital and tax": (
        "ЧДД после постоянных затрат, до капиталовложений и налогов"
    ),
    "NPV, dug in pushbacks": "ЧДД при отработке этапами",
    "Negative estimates set to {}": "Отрицательные оценки заменены на {}",
    "Of the antimony in Measured and Indicated rock": "От сурьмы категорий Measured и Indicated",
    "Of the ore": "Доля руды",
    "Of the plan": "О плане",
    "Of the rate": "Мощности",
    "Of the worth": "Ценности",
    "Off stock": "Со склада",
    "Open pit": "Карьер",
    "Opening of a level": "Вскрытие горизонта",
    "Ore at the base cut-off": "Руда при базовом бортовом содержании",
    "Ore through the plant": "Руда через фабрику",
    "Parent blocks": "Исходных блоков",
    "Pass": "Проход",
    "Price of antimony": "Цена сурьмы",
    "Price of gold": "Цена золота",
    "Proven impossible above": "Доказано невозможно выше",
    "Pushback": "Этап",
    "Rate that is held": "Выдержанная мощность",
    "Rate that no plan can pass in those years": "Мощность, выше которой нельзя в эти годы",
    "Reach": "Радиус",
    "Reference elevation": "Опорная отметка",
    "Refining charge, antimony": "Плата за рафинирование, сурьма",
    "Refining charge, gold": "Плата за аффинаж, золото",
    "Return of the ore": "Доход с руды",
    "Rounding can hide at most": "Округление скрывает не более",
    "Royalty on a positive return": "Роялти с положительного дохода",
    "Samples": "Пробы",
    "Sb in it": "Sb в нём",
    "Sectors": "Секторов",
    "Stock": "Склад",
    "Stoping without haulage": "Очистная выемка без доставки",
    "Strike of the frame": "Простирание сетки",
    "Transport of the concentrate": "Перевозка концентрата",
    "Treatment charge": "Плата за переработку концентрата",
    "Unproven between them": "Не доказано между ними",
    "Value after costs": "Ценность за вычетом затрат",
    "Walls against the stated slopes": "Борта против заданных углов",
    "Years": "Годы",
    "greedy": "жадный",
    "no rate": "без мощности",
    "of them estimated": "из них оценено",
    "this plan": "этот план",
    "Access and headings of {} to {} m": "Вскрытие и выработки, {}–{} м",
    "{x}: {} t at {} % Sb, drawn in year {} ({x})": "{x}: {} т, {} % Sb, отбита в год {} ({x})",
    "{x}: {} t at {} % Sb, drawn in years {} to {} ({x})": (
        "{x}: {} т, {} % Sb, отбита в годы {}–{} ({x})"
    ),
    "Year {}: {x}": "Год {}: {x}",
    "no feed": "нет питания фабрики",
    "asked for {} t": "нужно {} т",
    "ore to the plant, straight from the mine {} t": "руда на фабрику из рудника {} т",
    "ore to the plant, straight from the mine {} t at {} % Sb": (
        "руда на фабрику из рудника {} т, {} % Sb"
    ),
    "ore to the plant, off the stockpile {} t": "руда на фабрику со склада {} т",
    "ore to the plant, off the stockpile {} t at {} % Sb": (
        "руда на фабрику со склада {} т, {} % Sb"
    ),
    "revenue {x}, costs and charges {x}, cash {x}": (
        "выручка {x}, затраты и сборы {x}, денежный поток {x}"
    ),
    "Level {} to {} m, section {}: {x}": "Горизонт {}–{} м, секция {}: {x}",
    "Reserves, mineral resources": "Запасы и ресурсы",
    "a cut-off each year, any ore at any time, once the plant has run in": (
        "свой борт на каждый год, любая руда в любое время, после освоения мощности фабрики"
    ),
    "a tonne in place pays for its own mining (open pit) and the plant, at {} m": (
        "тонна в недрах окупает свою добычу (карьер) и фабрику, на отметке {} м"
    ),
    "a tonne in place pays for its own mining (stopes) and the plant, at {} m": (
        "тонна в недрах окупает свою добычу (камеры) и фабрику, на отметке {} м"
    ),
    "broken rock pays its way through the plant": "отбитая порода окупает обогащение",
    "carries the mean mining cost of the operation, waste and development in it": (
        "несёт среднюю стоимость добычи, со вскрышей и проходкой"
    ),
    "bound with the change less bound without it: no plan gains more": (
        "граница с изменением минус граница без него: большего ни один план не даст"
    ),
    "ore whose own concentrate, sold unmixed, exceeds the limit; content of the concentrate of all "
    "ore mixed": "руда, чей концентрат без смешения выше предела; содержание концентрата всей руды",
    "Plans side by side": "Планы рядом",
    "ore sold as mined, past the plant": "руда, проданная мимо фабрики",
    "Strip ratio, waste to ore, t/t": "Коэффициент вскрыши, т/т",
    "Achieved": "Достигнуто",
}
