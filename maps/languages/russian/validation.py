"""How is the page that checks an estimate headed in Russian?"""

LABELS: dict[str, str] = {
    "In short": "Коротко",
    "Its table": "Таблица к рисунку",
    "Points": "Точки",
    "{}. {x}": "{}. {x}",
    "Variograms": "Вариограммы",
    "Comparison of means": "Сравнение средних",
    "Change of support": "Изменение носителя (размера блока)",
    "Estimation counts": "Сколько блоков оценено",
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
    "Classes of the blocks at or above {} %": "Категории блоков от {} %",
    "Lowest": "Наименьшее",
    "Highest": "Наибольшее",
    "Samples below, %": "Проб ниже, %",
    "Samples cut": "Урезано проб",
    "Semivariance": "Полудисперсия",
    "semivariance, {x}": "полудисперсия, {x}",
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
    "measured (size: pairs)": "замер (размер: пары)",
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
    "{x}: true grade of each sample against its estimate from the others. {} of {} samples are "
    "drawn{x}": "{x}: истина каждой пробы против оценки по остальным. Показано проб: {} из {}{x}",
    "{x}: standardised errors; the first and last bars take what lies beyond. {} of {} samples are "
    "counted{x}": (
        "{x}: стандартизованные ошибки; крайние столбики включают всё за ними. Учтено проб: "
        "{} из {}{x}"
    ),
    "Stockwork": "Штокверк",
    "Classes of the blocks at or above {} % Sb": "Категории блоков от {} % Sb",
    "Composites: {}": "Композитов: {}",
    "metres drilled in it: {}.": "пробурено в нём метров: {}.",
    "Composites: {}; metres drilled in it: {}.": "Композитов: {}; пробурено в нём метров: {}.",
    "Histogram of {x}, declustered where weights are known.": (
        "Гистограмма: {x}, с весами декластеризации, где они известны."
    ),
    "The hatched bar at {} takes the whole tail from there on.": (
        "Штрихованный столбик у {} собирает весь хвост правее."
    ),
    "{} open classes are in the table alone.": "Открытые классы ({}) стоят только в таблице.",
    "Look for one hump: two speak for two populations, a long tail for top-cuts.": (
        "Смотрите, один ли максимум: два говорят о двух совокупностях, длинный хвост – об урезке "
        "ураганных проб."
    ),
    "Log-probability plot of {x}: a lognormal grade lies on a straight line.": (
        "Логвероятностный график: {x}; логнормальное содержание лежит на прямой."
    ),
    "A bend or a gap speaks for mixed populations.": (
        "Излом или разрыв говорит о смешанных совокупностях."
    ),
    "{} of {} samples are drawn.": "Показано проб: {} из {}.",
    "{} of {} samples are drawn, evenly taken.": "Показано проб: {} из {}, равномерно выбранных.",
    "{} of {} samples are counted.": "Учтено проб: {} из {}.",
    "Ranges are practical ranges: where a spherical or cubic model reaches its sill, and an "
    "exponential or Gaussian one {} % of it.": (
        "Радиусы практические: там сферическая или кубическая модель достигает порога, а "
        "экспоненциальная или гауссова – {} % его."
    ),
    "Variograms are semivariances.": "Вариограмма показывает полудисперсию.",
    "The area of a marker grows with the number of pairs; a marker on few pairs says little.": (
        "Площадь точки растёт с числом пар; точка по малому числу пар говорит мало."
    ),
    "The model is {k}; measured on {k}.": "Модель {k}; измерено {k}.",
    "fitted": "подобрана",
    "stated": "задана",
    "normal scores, brought back to grades": (
        "по нормализованным значениям, пересчитано в содержания"
    ),
    "grades": "по содержаниям",
    "the same as that of {k}, scaled to its own variance": (
        "та же, что у элемента «{k}», приведена к своей дисперсии"
    ),
    "Nugget {} {x}, {} % of the sill; total sill {} {x}.": (
        "Самородковый эффект {} {x}, {} % порога; общий порог {} {x}."
    ),
    "Nugget {} {x}; total sill {} {x}.": "Самородковый эффект {} {x}; общий порог {} {x}.",
    "Structures (ranges along the three axes): {k}.": "Структуры (радиусы по трём осям): {k}.",
    "No structure.": "Структур нет.",
    "spherical, sill {} {x}, ranges {}, {} and {} m": (
        "сферическая, порог {} {x}, радиусы {}, {} и {} м"
    ),
    "exponential, sill {} {x}, ranges {}, {} and {} m": (
        "экспоненциальная, порог {} {x}, радиусы {}, {} и {} м"
    ),
    "Gaussian, sill {} {x}, ranges {}, {} and {} m": (
        "гауссова, порог {} {x}, радиусы {}, {} и {} м"
    ),
    "cubic, sill {} {x}, ranges {}, {} and {} m": "кубическая, порог {} {x}, радиусы {}, {} и {} м",
    "linear (without a sill), sill {} {x}, ranges {}, {} and {} m": (
        "линейная (без порога), порог {} {x}, радиусы {}, {} и {} м"
    ),
    "The orientation of the axes is not known.": "Ориентировка осей неизвестна.",
    "The major axis points to {k} and {k}; the semi-major axis is turned {}° about it (GSLIB "
    "angles).": (
        "Главная ось: азимут {k}, {k}; средняя ось повёрнута вокруг неё на {}° (углы GSLIB)."
    ),
    "The major axis points to {k} and {k}; the semi-major axis is level.": (
        "Главная ось: азимут {k}, {k}; средняя ось горизонтальна."
    ),
    "The major axis points to {k} and {k}; the rotation about it is not known.": (
        "Главная ось: азимут {k}, {k}; поворот вокруг неё неизвестен."
    ),
    "is level": "горизонтальна",
    "plunges {}° downwards": "погружается под {}°",
    "plunges {}° upwards": "поднимается под {}°",
    "{}° (north)": "{}° (север)",
    "{}° (north-east)": "{}° (северо-восток)",
    "{}° (east)": "{}° (восток)",
    "{}° (south-east)": "{}° (юго-восток)",
    "{}° (south)": "{}° (юг)",
    "{}° (south-west)": "{}° (юго-запад)",
    "{}° (west)": "{}° (запад)",
    "{}° (north-west)": "{}° (северо-запад)",
    "The plane of the major and semi-major axes is level.": (
        "Плоскость главной и средней осей горизонтальна."
    ),
    "The plane of the major and semi-major axes dips {}° towards {k}.": (
        "Плоскость главной и средней осей падает под {}° по азимуту {k}."
    ),
    "Along it the model reaches its sill at {} m.": "По ней модель достигает порога на {} м.",
    "Mean error {} {x} ({} % of the mean): unbiased over all samples, within {} %.": (
        "Средняя ошибка {} {x} ({} % от среднего): в целом по пробам не смещена, в пределах {} %."
    ),
    "Mean error {} {x} ({} % of the mean): biased: the estimate is too high on average.": (
        "Средняя ошибка {} {x} ({} % от среднего): смещение, оценка в среднем завышена."
    ),
    "Mean error {} {x} ({} % of the mean): biased: the estimate is too low on average.": (
        "Средняя ошибка {} {x} ({} % от среднего): смещение, оценка в среднем занижена."
    ),
    "Slope of true grade on estimate {}: high estimates are too high, low ones too low "
    "(conditional bias).": (
        "Наклон истины по оценке {}: высокие оценки завышены, низкие занижены (условное смещение)."
    ),
    "Slope of true grade on estimate {}: no conditional bias to speak of.": (
        "Наклон истины по оценке {}: условное смещение незначительно."
    ),
    "Slope of true grade on estimate {}: the estimate is smoother than need be.": (
        "Наклон истины по оценке {}: оценка глаже, чем нужно."
    ),
    "The slope of true grade on estimate is not known.": "Наклон истины по оценке неизвестен.",
    "Errors are larger than the kriging variance says.": (
        "Ошибки больше, чем говорит дисперсия кригинга."
    ),
    "Errors are smaller than the kriging variance says.": (
        "Ошибки меньше, чем говорит дисперсия кригинга."
    ),
    "Errors are about as large as the kriging variance says.": (
        "Ошибки примерно таковы, как говорит дисперсия кригинга."
    ),
    "Nothing can be said: {x}.": "Сказать ничего нельзя: {x}.",
    "Points should lie evenly about the dashed line; flatter than it means that rich estimates "
    "are too rich.": (
        "Точки должны лежать поровну вокруг пунктира; облако положе него значит, что богатые "
        "оценки завышены."
    ),
    "At most {} samples; their source is summary.json.": (
        "Не более {} проб; их источник – summary.json."
    ),
    "Mean grades of slices through the model.": "Средние содержания срезов модели.",
    "The estimate should run through the middle of the declustered samples and be smoother; "
    "where bars are short, few samples speak.": (
        "Оценка должна идти по середине декластеризованных проб и быть глаже; где столбики "
        "коротки, проб мало."
    ),
    "Grades of large blocks vary less than grades of samples.": (
        "Содержания крупных блоков меняются меньше, чем содержания проб."
    ),
    "The discrete Gaussian model and the affine correction foretell by how much; a model that is "
    "smoother still understates the tonnes and the grade above a high cut-off.": (
        "Насколько – предсказывают дискретная гауссова модель и аффинная поправка; модель ещё "
        "глаже занижает тонны и содержание выше высокого бортового содержания."
    ),
    "Variance of the model's blocks {}; foretold {}.": (
        "Дисперсия блоков модели {}; предсказано {}."
    ),
    "Variance of the model's blocks is {} % of that foretold for blocks: {k}.": (
        "Дисперсия блоков модели составляет {} % предсказанной для блоков: {k}."
    ),
    "the model is smoother than theory; tonnes are overstated and grades understated at cut-offs "
    "below the mean, and metal is understated at high ones": (
        "модель глаже теории; ниже среднего содержания тонны завышены, а содержания занижены, "
        "при высоких бортовых содержаниях металл занижен"
    ),
    "Against the cut-off: {k}.": "В зависимости от бортового содержания: {k}.",
    "The model's line should follow the theory of blocks, not that of samples.": (
        "Линия модели должна идти по теории для блоков, а не для проб."
    ),
    "The model's line should follow the truth.": "Линия модели должна идти по истине.",
    "The deposit is invented, so that its true blocks are known; a real one has no truth.": (
        "Месторождение вымышлено, поэтому истинные блоки известны; у настоящего истины нет."
    ),
    "ore above it, Mt": "руда выше него, млн т",
    "Kriging neighbourhood analysis: test blocks are kriged with one choice varied at a time.": (
        "Анализ поисковой окрестности: пробные блоки оценены кригингом, каждый раз меняется один "
        "параметр."
    ),
    "What is marked is a suggestion of a rule, not a verdict; the study's own choice stands in "
    "its file.": (
        "Отмечено предложение правила, а не заключение; выбор исследования стоит в его файле."
    ),
    "Slope and efficiency should be high, negative weights few; where the lines level off, more "
    "brings nothing.": (
        "Наклон и эффективность должны быть высоки, отрицательных весов мало; где линии "
        "выровнялись, большее ничего не даёт."
    ),
    "Classes are the model's own criteria, not a statement of resources.": (
        "Категории – по критериям самой модели, это не подсчёт ресурсов."
    ),
    "Figures are pictures of summary.json, rounded for reading.": (
        "Рисунки построены по summary.json, числа округлены для чтения."
    ),
    "No top-cut (cap) was applied.": "Урезка ураганных проб не применялась.",
    "no limit": "без предела",
    "{x}: not worked out ({x}).": "{x}: не рассчитано ({x}).",
    "the summary does not hold it": "в сводке этого нет",
    "Smoothing was not judged.": "Сглаживание не оценено.",
    "Reach of the search": "Радиус поиска",
    "{x}: standardised errors; the first and last bars take what lies beyond.": (
        "{x}: стандартизованные ошибки; крайние столбики включают всё за ними."
    ),
    "About {} % should lie between the dashed lines, as many below {} as above.": (
        "Между пунктирными линиями должно лежать около {} %, поровну ниже и выше {}."
    ),
    "Drillhole; estimate; true grade; standardised error": (
        "Скважина; оценка; истина; стандартизованная ошибка"
    ),
    "{x}: Antimony grade": "{x}: содержание сурьмы",
    "{x}: Gold grade": "{x}: содержание золота",
    "{x}: Arsenic grade": "{x}: содержание мышьяка",
    "{x}: Mercury grade": "{x}: содержание ртути",
    "{x}: Antimony": "{x}: сурьма",
    "{x}: Gold": "{x}: золото",
    "{x}: Arsenic": "{x}: мышьяк",
    "{x}: Mercury": "{x}: ртуть",
    "ore above it, Mt.": "руда выше него, млн т.",
    "one in {} of {} rows": "каждая {}-я из {} строк",
}
