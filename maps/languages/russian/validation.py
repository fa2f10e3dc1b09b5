"""How is the page that checks an estimate headed in Russian?"""

LABELS: dict[str, str] = {
    "Contents": "Оглавление",
    "In short": "Коротко",
    "Its table": "Таблица к рисунку",
    "Points": "Точки",
    "{}. {x}": "{}. {x}",
    "Variograms": "Вариограммы",
    "Comparison of means": "Сравнение средних",
    "Change of support": "Изменение носителя",
    "Estimation counts": "Счёт оценки",
    "All domains: {x}": "Все домены: {x}",
    "Whole model against the truth (SYNTHETIC)": "Вся модель против истины (SYNTHETIC)",
    "Whole model against the truth (SYNTHETIC): {x}": "Вся модель против истины (SYNTHETIC): {x}",
    "Composites used in the estimate": "Композиты, вошедшие в оценку",
    "Effect of the top-cuts (caps)": "Действие урезки ураганных проб",
    "Model, some points": "Модель, некоторые точки",
    "Cross-validation in figures": "Перекрёстная проверка в числах",
    "Middle of each slice that has a grade": "Середина каждого среза с содержанием",
    "{x}; {} samples, {} blocks": "{x}; {} [проба|пробы|проб], {} [блок|блока|блоков]",
    "Suggestions, no verdicts": "Предложения, не заключения",
    "{x}: search passes and the blocks each estimated": "{x}: проходы поиска и оценённые ими блоки",
    "Classes of the blocks at or above {} %": "Классы блоков от {} %",
    "Lowest": "Наименьшее",
    "Highest": "Наибольшее",
    "Samples below, %": "Проб ниже, %",
    "Samples cut": "Урезано проб",
    "Semivariance": "Полудисперсия",
    "semivariance, {x}": "полудисперсия, {x}",
    "Found": "Найдено",
    "Best": "Наилучшее",
    "Samples estimated from the others": "Проб оценено по остальным",
    "Mean of the true grades": "Среднее истинных содержаний",
    "Mean of the estimates": "Среднее оценок",
    "Mean error (estimate less true)": "Средняя ошибка (оценка минус истина)",
    "Slope of true grade on estimate": "Наклон истины по оценке",
    "Mean of standardised errors": "Среднее стандартизованных ошибок",
    "Variance of standardised errors": "Дисперсия стандартизованных ошибок",
    "Errors within the {} % limits": "Ошибок в пределах {} %",
    "Distance along the grid's easting axis": "Расстояние по оси сетки на восток",
    "Distance along the grid's northing axis": "Расстояние по оси сетки на север",
    "Distance along azimuth {} degrees": "Расстояние по азимуту {}°",
    "Elevation (Z)": "Отметка (Z)",
    "Declustered samples": "Декластеризованные пробы",
    "Nearest neighbour": "Ближайшая проба",
    "Inverse distance": "Обратные расстояния",
    "Held against": "С чем сравнивают",
    "Its mean": "Его среднее",
    "Mean of the estimate": "Среднее оценки",
    "Share of tonnes above it, %": "Доля тонн выше него, %",
    "Mean above it, {x}": "Среднее выше него, {x}",
    "Ore above it": "Руда выше него",
    "Blocks foretold by the discrete Gaussian model": "Блоки по дискретной гауссовой модели",
    "Blocks foretold by the affine correction": "Блоки по аффинной поправке",
    "Blocks of the model": "Блоки модели",
    "What is varied": "Что меняют",
    "Suggestion": "Предложение",
    "Suggestion: {x}": "Предложение: {x}",
    "Why": "Почему",
    "Block size": "Размер блока",
    "Most samples of an estimate": "Наибольшее число проб оценки",
    "Points that a block is divided into": "Точек, на которые делится блок",
    "Test blocks": "Пробные блоки",
    "Estimated": "Оценено",
    "Slope": "Наклон",
    "Efficiency": "Эффективность",
    "Negative weights": "Отрицательные веса",
    "Not estimated: no grade, no tonnes": "Не оценено: ни содержания, ни тонн",
    "Reaches": "Радиусы",
    "Most a hole": "Не более из скважины",
    "Share of blocks": "Доля блоков",
    "small": "мало",
    "agrees": "согласуется",
    "differs": "расходится",
    "differs somewhat": "немного расходится",
    "well informed": "хорошо изучены",
    "poorly informed": "плохо изучены",
    "share of the samples, %": "доля проб, %",
    "samples below, %": "проб ниже, %",
    "{x} (log scale)": "{x} (лог. шкала)",
    "distance": "расстояние",
    "Major axis (longest continuity)": "Главная ось (наибольшая непрерывность)",
    "Semi-major axis": "Средняя ось",
    "Minor axis (shortest continuity)": "Малая ось (наименьшая непрерывность)",
    "measured (size: pairs)": "измерено (размер: пары)",
    "total sill": "общий порог",
    "estimate: {x}": "оценка: {x}",
    "true: {x}": "истина: {x}",
    "estimate = true grade": "оценка = истина",
    "error / kriging standard deviation": "ошибка / стандартное отклонение кригинга",
    "samples, %": "проб, %",
    "{} % limits of the normal law": "{} % пределы нормального закона",
    "mean over test blocks, fraction": "среднее по пробным блокам, доли ед.",
    "Histogram of {x}": "Гистограмма: {x}",
    "Log-probability plot of {x}": "Логвероятностный график: {x}",
    "Variogram of {x} along the major axis (longest continuity)": (
        "Вариограмма по главной оси: {x}"
    ),
    "Variogram of {x} along the semi-major axis": "Вариограмма по средней оси: {x}",
    "Variogram of {x} along the minor axis (shortest continuity)": "Вариограмма по малой оси: {x}",
    "True grade against estimate, {x}": "Истина против оценки, {x}",
    "Standardised errors, {x}": "Стандартизованные ошибки, {x}",
    "Swath of {x}": "Профиль средних: {x}",
    "All domains": "Все домены",
    "{} of {} lags have fewer than {} pairs": "у {} из {} шагов меньше {} пар",
    "at its bound: ratio of semi to major range at its upper bound": (
        "у границы: отношение средней оси к главной на верхнем пределе"
    ),
    "{x}: validation": "{x}: проверка оценки",
    "Highest slope and efficiency together.": "Наибольшие наклон и эффективность вместе.",
    "No later option raises slope or efficiency by more than {}.": (
        "Дальше наклон и эффективность растут не более чем на {}."
    ),
    "Block variance is within {} % of the last option's.": (
        "Дисперсия блоков отличается от последнего выбора менее чем на {} %."
    ),
    "{x}, major axis (longest continuity). {x}": "{x}, главная ось (наибольшая непрерывность). {x}",
    "{x}, semi-major axis. {x}": "{x}, средняя ось. {x}",
    "{x}, minor axis (shortest continuity). {x}": "{x}, малая ось (наименьшая непрерывность). {x}",
    "Pairs a marker: {} to {}.": "Пар на точку: {}–{}.",
    "Nothing was measured along it; the model alone is drawn.": (
        "По ней ничего не измерено; показана только модель."
    ),
    "{x}: share of tonnes above it, %": "{x}: доля тонн выше него, %",
    "{x}: share of tonnes above it, %.": "{x}: доля тонн выше него, %.",
    "{x}: mean above it, {x}": "{x}: среднее выше него, {x}",
    "{x}: mean above it, {x}.": "{x}: среднее выше него, {x}.",
    "{x}: ore above it, Mt.": "{x}: руда выше него, млн т.",
    "{x}, all test blocks together.": "{x}, все пробные блоки вместе.",
    "{x}: mean of each slice; bars count the samples in it.": (
        "{x}: среднее каждого среза; столбики показывают число проб в нём."
    ),
    "{x}: a lognormal grade lies on a straight line.": (
        "{x}: логнормальное содержание лежит на прямой."
    ),
    "Semivariance against distance: measured points and the model.": (
        "Полудисперсия от расстояния: измеренные точки и модель."
    ),
    "Histogram; the ends take what lies beyond.": "Гистограмма; края включают всё за ними.",
    "Slope, efficiency and negative weights by option.": (
        "Наклон, эффективность и отрицательные веса по вариантам."
    ),
    "Scatter of {} samples, {x}.": "Облако {} проб, {x}.",
    "{x} of each source by slice; samples as bars.": (
        "{x} по источникам и срезам; пробы столбиками."
    ),
    "Cumulative share of samples against {x}.": "Накопленная доля проб от {x}.",
    "Share of the samples by classes of {x}.": "Доля проб по классам: {x}.",
    "{x}: true grade of each sample against its estimate from the others.": (
        "{x}: истина каждой пробы против оценки по остальным."
    ),
    "{x}: standardised errors; the first and last bars take what lies beyond.": (
        "{x}: стандартизованные ошибки; крайние столбики включают всё за ними."
    ),
    "{x}: true grade of each sample against its estimate from the others. {} of {} samples are "
    "drawn{x}": "{x}: истина каждой пробы против оценки по остальным. Показано проб: {} из {}{x}",
    "{x}: standardised errors; the first and last bars take what lies beyond. {} of {} samples are "
    "counted{x}": (
        "{x}: стандартизованные ошибки; крайние столбики включают всё за ними. Учтено проб: "
        "{} из {}{x}"
    ),
    "Stockwork": "Штокверк",
    "Classes of the blocks at or above {} % Sb": "Классы блоков от {} % Sb",
}
