"""What are the labels of the workbook called in Russian?"""

from __future__ import annotations

_SHEETS = {
    "Cash flow": "Денежный поток",
    "Charts": "Графики",
    "Schedule by year": "План по годам",
    "Grade-tonnage": "Запасы по бортам",
    "Claims": "Утверждения",
    "Inputs and sources": "Исходные и источники",
    "Half-years": "Полугодия",
    "Ore by cut-off": "Руда по борту",
    "Read me": "Как читать",
    "Grade-tonnage chart": "График запасов по бортам",
}
_INPUTS = {
    "Years until the full rate": "Лет до полной мощности",
    "Head grade the plan claims": "Содержание, заявленное планом",
    "Cut-off of the feed": "Бортовое содержание питания",
    "Ore recovered in mining": "Извлечение руды при добыче",
    "Waste for a tonne of ore": "Разубоживание на тонну руды",
    "Grade of that waste": "Содержание в разубоживающей породе",
    "Head grade taken without tonnage": "Принятое содержание без подсчёта запасов",
    "Gold recovery": "Извлечение золота",
    "Mercury in the ore": "Ртуть в руде",
    "Arsenic in the ore": "Мышьяк в руде",
    "Transport": "Перевозка",
    "Initial capital": "Начальные капиталовложения",
    "Initial capital; empty is not known": "Начальные капиталовложения; пусто – неизвестно",
    "Tax on cash profit": "Налог на прибыль",
    "When a year's money comes": "Когда поступают деньги года",
    "Valuation date": "Дата оценки",
    "end of year": "конец года",
    "middle of year": "середина года",
    "start of year": "начало года",
    "Set for all": "Для всех",
    "Plan": "План",
    "Prices and terms": "Цены и условия",
    "Costs and money": "Затраты и денежный поток",
}
_FIGURES = {
    "At a glance: recalculated": "Главное: пересчитывается",
    "What is in the ground: values": "Что в недрах: значения",
    "Ore: recalculated": "Руда: пересчитывается",
    "Plant: recalculated": "Фабрика: пересчитывается",
    "A tonne of ore: recalculated": "Тонна руды: пересчитывается",
    "Value: recalculated": "Стоимость: пересчитывается",
    "Verdict of the study: values, not recalculated": (
        "Заключение исследования: значения, без пересчёта"
    ),
    "Whether the ore is known, 1 or 0": "Известна ли руда, 1 или 0",
    "Whether its spread of grades is stated, 1 or 0": "Задан ли разброс содержаний, 1 или 0",
    "All ore in situ": "Вся руда в недрах",
    "All antimony in situ": "Вся сурьма в недрах",
    "Largest antimony published for the area": "Наибольшая опубликованная сурьма района",
    "In draws of the study": "В розыгрышах исследования",
    "Ore to the plant, used": "Руда на фабрику, принято",
    "Price of antimony, used": "Цена сурьмы, принято",
    "Cut-off, used": "Бортовое содержание, принято",
    "Ore the plan needs": "Руда, нужная плану",
    "Ore recovered of a tonne in situ": "Добыто руды с тонны в недрах",
    "Run-of-mine ore of a tonne in situ": "Рядовая руда с тонны в недрах",
    "Antimony from its waste": "Сурьма из разубоживающей породы",
    "Row of the cut-off among the ore": "Строка борта в таблице руды",
    "Part of the way to the next row": "Доля пути до следующей строки",
    "Part of the way to the next row, needed": "Доля пути до следующей строки, нужная",
    "Antimony in situ": "Сурьма в недрах",
    "Gold in situ": "Золото в недрах",
    "Ore there is": "Имеющаяся руда",
    "Years it lasts": "На сколько лет хватит",
    "Years the ore lasts": "На сколько лет хватит руды",
    "Mean grade of that ore": "Среднее содержание этой руды",
    "Mean gold of that ore": "Среднее золото этой руды",
    "Row of the leanest ore that is needed": "Строка беднейшей нужной руды",
    "Antimony of the richest ore that is needed, in situ": "Сурьма нужной богатой руды в недрах",
    "Grade of the richest ore that fills the years": "Содержание богатой руды на весь срок",
    "Gold of that ore, in situ": "Золото этой руды в недрах",
    "Gold grade of that ore": "Содержание золота этой руды",
    "Head grade": "Содержание в питании",
    "Head grade, gold": "Содержание золота в питании",
    "Grade if all known or published metal went into the plan's ore": (
        "Содержание, если вся известная сурьма попадёт в руду плана"
    ),
    "Antimony in a year's ore": "Сурьма в руде года",
    "Concentrate of a full year": "Концентрат полного года",
    "Antimony in that concentrate": "Сурьма в этом концентрате",
    "Highest cost the ore could bear": "Наибольшие затраты, которые выдержит руда",
    "Payable gold": "Оплачиваемое золото",
    "Left after royalty": "Остаток после роялти",
    "Costs of a tonne of ore": "Затраты на тонну руды",
    "Paid for a per cent of antimony in the ore": "Оплата процента сурьмы в руде",
    "Head grade at which ore pays its way": "Минимальное окупаемое содержание",
    "Gold counted": "Золото учтено",
    "Ore that is valued": "Оцениваемая руда",
    "Its grade": "Её содержание",
    "Its gold": "Её золото",
    "Its payable gold": "Её оплачиваемое золото",
    "Its payable metals": "Её оплачиваемые металлы",
    "Its treatment, transport and penalties": "Её переработка, перевозка и штрафы",
    "Its royalty": "Её роялти",
    "Ore in the cash flow": "Руда в денежном потоке",
    "Internal rate of return": "Внутренняя норма доходности",
    "Payback of initial capital": "Окупаемость начальных капиталовложений",
    "What is valued": "Что оценено",
    "no value: terms are not stated": "нет оценки: условия не заданы",
    "no value: the ore is not known": "нет оценки: руда неизвестна",
    "no value: the ore of the claimed grade is not there": "нет оценки: заявленной руды нет",
    "no value: it lasts longer than the years laid out here": "нет оценки: дольше лет таблицы",
    "the plan's feed over its horizon": "питание плана за весь срок",
    "all the ore there is, at its mean grade": "вся имеющаяся руда, по среднему",
    "no value: no grade law of the ore is stated": "нет оценки: разброс содержаний не задан",
}
_MONEY = {
    "Ore milled": "Переработанная руда",
    "Payable metals": "Оплачиваемые металлы",
    "Treatment, transport, penalties": "Переработка, перевозка, штрафы",
    "Tax": "Налог",
    "Present value": "Приведённая стоимость",
    "Cash flow, summed": "Денежный поток, накопленный",
    "Profit before tax, summed": "Прибыль до налога, накопленная",
    "Highest profit so far": "Наибольшая прибыль до сих пор",
    "Cash flow of the chosen scenario": "Денежный поток выбранного варианта",
    "Net present value, million USD": "ЧДД, млн долл.",
    "Cash flow after fixed cost, million USD": "Денежный поток после постоянных затрат, млн долл.",
    "Antimony, t Sb": "Сурьма, т Sb",
    "Gold, kg Au": "Золото, кг Au",
    "Concentrate of a full year, t/yr": "Концентрат полного года, т/год",
    "Part of the target fed": "Доля целевого питания",
    "Revenue in the plan": "Выручка плана",
    "Costs and charges in the plan": "Затраты плана",
    "Fixed cost of the year": "Постоянные затраты года",
    "More by the price, after royalty": "Прибавка от цены, после роялти",
    "Cash flow after fixed cost": "Денежный поток после постоянных затрат",
    "Present value after fixed cost": "Приведённая стоимость после постоянных затрат",
    "Costs, times those of the plan": "Затраты, в долях плановых",
    "Net present value, before fixed cost": "ЧДД до постоянных затрат",
    "Net present value, after fixed cost": "ЧДД после постоянных затрат",
    "Net present value, after fixed cost and capital": (
        "ЧДД после постоянных затрат и начальных капиталовложений"
    ),
    "Ore to the plant against its target": "Руда на фабрику против цели",
    "Ore at or above the cut-off": "Руда не беднее борта",
    "Key in the study": "Ключ в файле исследования",
    "Answer": "Ответ",
    "Question": "Вопрос",
    "value": "значение",
}
_UNITS = {
    "USD/t concentrate": "долл./т концентрата",
    "t Sb/t": "т Sb/т",
}
_NOTES = {
    "Yellow cells are inputs: change one, and every figure below follows. Column C sets an input "
    "for all scenarios; empty, each keeps its own. Grey cells are values that stay. Steps between "
    "are folded: open them with the signs at the left.": (
        "Жёлтые ячейки – исходные: измените одну, и всё пересчитается. Столбец C задаёт исходное "
        "для всех вариантов; пусто – у каждого своё. Серые ячейки – постоянные значения. "
        "Промежуточные шаги свёрнуты: откройте их знаками слева."
    ),
    "Live: one block a scenario, from its column of the scenarios. Row 0 is initial capital.": (
        "Пересчитывается: блок на вариант. Строка 0 – начальные капиталовложения."
    ),
    "Live: the cash flows by half-years, from which the rate of return is found.": (
        "Пересчитывается: потоки по полугодиям, по ним ищется норма доходности."
    ),
    "Values: ore at or above a cut-off, in situ, base case. A straight line joins two rows.": (
        "Значения: руда не беднее борта, в недрах, базовый случай. Между строками – прямая."
    ),
    "Live: choose a scenario in the yellow cell. Money is real, of the valuation date.": (
        "Пересчитывается: выберите вариант в жёлтой ячейке. Деньги – в ценах даты оценки."
    ),
    "Live pictures of the sheet of scenarios. A scenario without a bar is not known.": (
        "Графики листа вариантов. Вариант без столбца не известен."
    ),
    "Values of the study, nothing is recalculated. P10, P50, P90: percentiles of the quantity "
    "itself over the draws under the stated assumptions; they cannot be added.": (
        "Значения исследования, без пересчёта. P10, P50, P90 – процентили самой величины по "
        "розыгрышам; складывать их нельзя."
    ),
    "What is said in public, held against published figures. Texts as they were written.": (
        "Что говорят открыто, рядом с опубликованным. Тексты как написаны."
    ),
    "How each input is known. Reported: published; derived: from it; assumed: chosen here.": (
        "Откуда известно исходное: опубликовано, выведено из него или принято здесь."
    ),
    "Values of the plan, period by period; nothing here is recalculated.": (
        "Значения плана по периодам; здесь ничего не пересчитывается."
    ),
    "Live money on one plan: change a yellow cell. Tonnes and metals are values and stay; "
    "at another price a planner would choose other ore.": (
        "Деньги одного плана пересчитываются: измените жёлтую ячейку. Тонны и металлы постоянны; "
        "при другой цене проектировщик выбрал бы другую руду."
    ),
    "What this workbook holds, and how to use it.": "Что в этой книге и как ею пользоваться.",
}

_CONTENTS = {
    "All scenarios side by side. Yellow cells are inputs; figures follow at once.": (
        "Все варианты рядом. Жёлтые ячейки – исходные; показатели следуют сразу."
    ),
    "The years of one scenario, chosen in its yellow cell, with a chart.": (
        "Годы одного варианта, выбранного в жёлтой ячейке, с графиком."
    ),
    "Grade, concentrate, years of ore and value of the scenarios.": (
        "Содержание, концентрат, обеспеченность рудой и стоимость по вариантам."
    ),
    "The plan of the mine with live discounting, price and costs.": (
        "План рудника: дисконтирование, цена и затраты пересчитываются."
    ),
    "The plan of the mine, period by period; values.": "План рудника по периодам; значения.",
    "Ore, grade and metal over cut-offs; values with percentiles.": (
        "Руда, содержание и металл по бортам; значения с процентилями."
    ),
    "What is said in public, and what stands against it, with sources.": (
        "Что говорят открыто и что этому противоречит, с источниками."
    ),
    "Every stated input with its kind, its key in the study and its source.": (
        "Каждое исходное: вид, ключ в файле исследования и источник."
    ),
    "Workings: the years of every scenario.": "Расчёты: годы каждого варианта.",
    "Workings: cash flows from which the rate of return is found.": (
        "Расчёты: потоки, по которым ищется норма доходности."
    ),
    "Workings: the ore of each scenario at or above rising cut-offs; values.": (
        "Расчёты: руда каждого варианта не беднее растущих бортов; значения."
    ),
    "Yellow cells are inputs. Change one and the workbook recalculates; nothing else is needed.": (
        "Жёлтые ячейки – исходные. Измените одну, и книга пересчитается; больше ничего не нужно."
    ),
    "Grey cells are values of the study. Percentiles (P10, P50, P90) are values: they are not "
    "recalculated, because they come from the draws of the study.": (
        "Серые ячейки – значения исследования. Процентили (P10, P50, P90) не пересчитываются: "
        "они взяты из розыгрышей исследования."
    ),
    "Each yellow cell says its unit and its limits when it is chosen. What is not right is marked, "
    "and nothing is worked out from it.": (
        "Выбранная жёлтая ячейка показывает единицу и пределы. Неверное отмечается, и по нему "
        "ничего не считается."
    ),
    "An empty yellow cell is not known, which is not 0, unless its note says otherwise. What "
    "depends on it reads: not known.": (
        "Пустая жёлтая ячейка – неизвестно, а не 0, если её подсказка не говорит иного. Что от неё "
        "зависит, тоже неизвестно."
    ),
    "Nothing is locked: every formula can be read and changed.": (
        "Ничто не защищено: каждую формулу можно прочесть и изменить."
    ),
    "Column C of the scenarios sets throughput, price or cut-off for all of them at once, as "
    "anzob plan --throughput, --price and --cutoff do.": (
        "Столбец C листа вариантов задаёт производительность, цену или борт сразу для всех, как "
        "anzob plan --throughput, --price и --cutoff."
    ),
    "Names for formulas: throughput_t_per_year, sb_price_usd_per_t, cutoff_sb_pct; in_* inputs and "
    "out_* figures, a column a scenario; cash_flow_scenario.": (
        "Имена для формул: throughput_t_per_year, sb_price_usd_per_t, cutoff_sb_pct; in_* – "
        "исходные и out_* – показатели, столбец на вариант; cash_flow_scenario."
    ),
    "Names for formulas: schedule_*.": "Имена для формул: schedule_*.",
    "Figures agree with the base case that anzob plan --json prints for the same setting within "
    "0.1 %: between two cut-offs of the sheet a smooth curve stands in for the grade law.": (
        "Показатели совпадают с базовым случаем anzob plan --json при тех же исходных до 0,1 %: "
        "между двумя бортами закон содержаний заменён гладкой кривой."
    ),
}

_LIMITS = {
    "Allowed": "Допустимо",
    "above {}": "больше {}",
    "above {}, at most {}": "больше {}, не больше {}",
    "{} or more": "{} или больше",
    "This cannot be right.": "Так не может быть.",
    "Empty: not known.": "Пусто: неизвестно.",
    "Empty: the grade that the ore has.": "Пусто: содержание, какое есть в руде.",
    "Empty: no cut-off.": "Пусто: без бортового содержания.",
    "Empty: ore in situ, before mining loss and dilution.": (
        "Пусто: руда в недрах, без потерь и разубоживания."
    ),
    "Goes with the waste above it: both or neither. Barren waste is 0.": (
        "Вместе с разубоживанием строкой выше: оба или ни одного. Пустая порода – 0."
    ),
    "Empty: gold is not counted.": "Пусто: золото не учитывается.",
    "Empty: before tax.": "Пусто: до налога.",
    "Empty: each scenario keeps its own.": "Пусто: у каждого варианта своё.",
    "Year-month-day. Empty: not known, and then there is no value.": (
        "Год-месяц-день. Пусто: неизвестно, и тогда оценки нет."
    ),
    "Inputs that are not right": "Неверные исходные",
    "all within their limits": "все в допустимых пределах",
    "not right: see the marked cells": "неверно: см. отмеченные ячейки",
    "no value: an input is not right": "нет оценки: исходное неверно",
    "no value: rate, horizon or ramp-up is not known": (
        "нет оценки: неизвестна производительность, срок или разгон"
    ),
    "choose a scenario of the list": "выберите вариант из списка",
    "year {}, month {}": "год {}, месяц {}",
    "year {}, quarter {}": "год {}, квартал {}",
    "bounding": "граничный случай",
    "total": "всего",
    "not stated": "не указано",
    "All periods": "Все периоды",
    "All years": "Все годы",
    "Royalty among them": "В том числе роялти",
    "The same as a picture.": "То же на графике.",
    "A picture of the sheet before it.": "График к предыдущему листу.",
    "< 1 mining unit": "< 1 единицы выемки",
    "How the ore of it is counted": "Как посчитана эта руда",
    "Name in the chart of value": "Название на графике стоимости",
    "run of mine, after loss and dilution": "рядовая руда, с потерями и разубоживанием",
    "in situ, no loss and no dilution stated: not a plan": (
        "в недрах, потери и разубоживание не заданы: это не план"
    ),
    "no mining loss stated: not a plan": "потери при добыче не заданы: это не план",
    "no dilution stated: not a plan": "разубоживание не задано: это не план",
    "in situ, not a plan": "в недрах, это не план",
}

LABELS: dict[str, str] = {
    **_SHEETS,
    **_INPUTS,
    **_FIGURES,
    **_MONEY,
    **_UNITS,
    **_NOTES,
    **_CONTENTS,
    **_LIMITS,
}
