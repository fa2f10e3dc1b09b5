"""What do the captions and sentences of the report say in Russian?"""

LABELS: dict[str, str] = {
    "needs at least": "нужно не менее",
    "needs at most": "нужно не более",
    "needs": "нужно",
    "Page": "Лист",
    "Map": "Карта",
    "Where it lies": "Где это находится",
    "What the map shows": "Что показано на карте",
    "Latitude, degrees": "Широта, градусы",
    "Longitude, degrees": "Долгота, градусы",
    "Uncertain by, m": "Неточность, м",
    "drawn:": "показано:",
    "Size, bytes": "Размер, байт",
    "SHA-256, first {} digits": "SHA-256, первые {} цифр",
    "The whole hashes, the versions of the packages and the solver stand in the file "
    "manifest.json beside this page.": (
        "Полные суммы, версии пакетов и решатель – в файле manifest.json рядом с этой страницей."
    ),
    "On paper the first {} of {} rows stand.": "На бумаге первые {} из {} строк.",
    "All are in {x}.": "Все – в {x}.",
    "The list is not printed.": "Список не печатается.",
    "It is in {x}.": "Он в {x}.",
    # Captions.
    "Where fields, plants and places lie, as far as it is known: a circle is where a thing may "
    "lie, not its outline.": (
        "Где находятся поля, фабрики и населённые пункты, насколько это известно: круг – где "
        "объект может лежать, а не его контур."
    ),
    "Names without room stand in the table only.": "Названия без места стоят только в таблице.",
    "The drilled deposit from above: collars, the extent of the block model, and what would be "
    "mined.": (
        "Разбуренное месторождение сверху: устья скважин, граница блочной модели и то, что было "
        "бы отработано."
    ),
    "A hole may slant, so that its ore lies beside its collar.": (
        "Скважина может быть наклонной, и её руда лежит в стороне от устья."
    ),
    "Thin lines: longitude at the foot, latitude at the left (WGS 84); up is north of the grid "
    "{x}.": "Тонкие линии: долгота внизу, широта слева (WGS 84); вверх – север сетки {x}.",
    "Left: ore left above a rising cut-off; right: its mean grade.": (
        "Слева: руда выше растущего бортового содержания; справа: её среднее содержание."
    ),
    "Read across at a cut-off: what is richer is less.": (
        "Смотрите поперёк при одном борте: чем богаче, тем меньше."
    ),
    "Shaded: P10 to P90 of the draws; dashed: ASSUMED cases.": (
        "Полоса: P10–P90 розыгрышей; пунктир: ПРИНЯТЫЕ случаи."
    ),
    "The larger the piece that is mined as one, the less of the ore reaches the cut-off: rich "
    "samples and a lean feed are both true.": (
        "Чем крупнее кусок, отрабатываемый целиком, тем меньше руды достигает борта: богатые "
        "пробы и бедное питание верны одновременно."
    ),
    "By class.": "По категориям.",
    "Left: ore above a rising cut-off; right: its mean grade.": (
        "Слева: руда выше растущего борта; справа: её среднее содержание."
    ),
    "One estimate: the blocks were not simulated, so no P10 to P90 is shown.": (
        "Одна оценка: блоки не моделировались, поэтому P10–P90 не показаны."
    ),
    "The estimate beside the truth that only an invented deposit has.": (
        "Оценка рядом с истиной, которая есть только у вымышленного месторождения."
    ),
    "Where the lines part, the estimate is smoother than the ground.": (
        "Где линии расходятся, оценка глаже недр."
    ),
    "One input moved at a time, the widest swing on top; the line is the base case.": (
        "Меняется одна величина за раз, самый широкий размах сверху; линия – базовый случай."
    ),
    "What is short need not be known better, what is long decides.": (
        "Короткое не нужно знать точнее, длинное решает."
    ),
    "Years that stated or ASSUMED ore would last at each rate: a higher rate means a shorter "
    "life.": (
        "На сколько лет хватило бы заявленной или ПРИНЯТОЙ руды при каждой производительности: "
        "чем она выше, тем короче срок."
    ),
    "Nothing here is a schedule.": "Это не календарный план.",
    "Where the two lines of the plan cross is what it asks for: cases below that point do not "
    "last.": (
        "Пересечение двух линий плана – то, чего он требует: случаям ниже этой точки руды не "
        "хватает."
    ),
    "the plan: {} kt a year": "план: {} тыс. т в год",
    "the plan: {} years": "план: {} [год|года|лет]",
    "base": "база",
    "Years by rate, t of ore a year; unusual: for this size, by rule of thumb": (
        "Лет по производительности, т руды в год; «необычно» – для таких запасов, по опыту"
    ),
    "Case, ore": "Случай, руда",
    "Each point is the best pit at a factor on the metal prices.": (
        "Каждая точка – лучший карьер при коэффициенте к ценам металлов."
    ),
    "Where ore rises little and waste much, a larger pit buys little.": (
        "Где руды прибывает мало, а вскрыши много, больший карьер почти ничего не даёт."
    ),
    "What a tonne of ore costs in waste, and how rich the ore is, pit by pit.": (
        "Сколько вскрыши стоит тонна руды и насколько богата руда, карьер за карьером."
    ),
    "Net present value pit by pit, dug shell after shell (best) and bench after bench (worst): "
    "what a design can reach lies between them.": (
        "ЧДД карьер за карьером при отработке оболочка за оболочкой (лучший случай) и уступ за "
        "уступом (худший): достижимое проектом лежит между ними."
    ),
    "Each bar is a year's ore to the plant; the dashed line is what the plant is to have.": (
        "Каждый столбец – руда за год на фабрику; пунктир – сколько фабрика должна получать."
    ),
    "A bar below it is a year in which the plan falls short.": (
        "Столбец ниже него – год, в котором план не добирает."
    ),
    "Bars: a year's ore to the plant; dashed: what it is to have.": (
        "Столбцы: руда на фабрику за год; пунктир: сколько фабрика должна получать."
    ),
    "A bar below it falls short; years before the ramp-up ends and after the ore ends are no "
    "shortfall of the verdict's years.": (
        "Столбец ниже – недобор; годы до конца разгона и после конца руды в годы вывода не входят."
    ),
    "Year {}: {} of {} kt.": "Год {}: {} из {} тыс. т.",
    "Below: the grade of the feed.": "Ниже: содержание в питании.",
    "Above: cash of each year, before capital and tax.": (
        "Вверху: денежный поток по годам, до капитальных вложений и налога."
    ),
    "Below: the discounted sum so far; where it ends is the net present value of the plan.": (
        "Внизу: накопленный дисконтированный поток; его конец – ЧДД плана."
    ),
    "A line under it marks when a unit more of it would be worth something.": (
        "Черта под ней отмечает, когда дополнительная единица чего-то стоила бы."
    ),
    "What is mined when: from the top level down, years from left to right.": (
        "Что и когда отрабатывается: горизонты сверху вниз, годы слева направо."
    ),
    "Stopes laid out again for each cut-off: a higher one leaves less and richer ore.": (
        "Камеры размечены заново для каждого борта: чем он выше, тем руды меньше и она богаче."
    ),
    "Stopes laid out again for each price: a higher one makes leaner rock into ore.": (
        "Камеры размечены заново для каждой цены: чем она выше, тем более бедная порода – руда."
    ),
    "Limits by period, those first of which a unit more is worth most": (
        "Ограничения по периодам, сначала те, чья дополнительная единица дороже всего"
    ),
    "Point at a bar to read it.": "Наведите на полосу, чтобы её прочесть.",
    # Method.
    "Every published number carries its source, year and kind: reported, derived or assumed.": (
        "У каждого опубликованного числа есть источник, год и вид: опубликовано, выведено или "
        "допущение."
    ),
    "What depends on an assumed number is assumed.": "Что зависит от допущения, само допущение.",
    "What the study does not know is absent, never 0; what depends on it is said to be not known, "
    "with the key that would have to be stated.": (
        "Чего исследование не знает, того нет, и это не 0; о зависящем от этого сказано «не "
        "известно» и назван ключ, который нужно указать."
    ),
    "Percentiles are of the quantity itself: P10 of metal is not the metal at P10 grade.": (
        "Процентили относятся к самой величине: P10 металла – не металл при содержании P10."
    ),
    "P10 is low, P90 high.": "P10 – низкое значение, P90 – высокое.",
    "A share of draws counts draws under the stated assumptions.": (
        "Доля розыгрышей считает розыгрыши при заданных допущениях."
    ),
    "It is not the probability that the plan holds.": "Это не вероятность выполнения плана.",
    "Money is real and before tax, unless the study states otherwise.": (
        "Деньги в постоянных ценах и до налога, если в исследовании не указано иное."
    ),
    "Figures on this page are rounded for reading; the files keep them unrounded.": (
        "Числа на странице округлены для чтения; в файлах они без округления."
    ),
    # Verdicts.
    "{x}, as claimed ({} t of ore a year for {} years): does not hold.": (
        "{x}, как заявлено ({} т руды в год в течение {} лет): не выполняется."
    ),
    "{x}, as claimed ({} t of ore a year for {} years): holds.": (
        "{x}, как заявлено ({} т руды в год в течение {} лет): выполняется."
    ),
    "{x}, as claimed ({} t of ore a year for {} years): not known.": (
        "{x}, как заявлено ({} т руды в год в течение {} лет): неизвестно."
    ),
    "{x}, as a planner reads it ({} t of ore a year for {} years): does not hold.": (
        "{x}, в понимании проектировщика ({} т руды в год в течение {} лет): не выполняется."
    ),
    "{x}, as a planner reads it ({} t of ore a year for {} years): holds.": (
        "{x}, в понимании проектировщика ({} т руды в год в течение {} лет): выполняется."
    ),
    "{x}, as a planner reads it ({} t of ore a year for {} years): not known.": (
        "{x}, в понимании проектировщика ({} т руды в год в течение {} лет): неизвестно."
    ),
    "{k}: {} million against {} million t of ore ({x}).": (
        "{k}: {} млн против {} млн т руды ({x})."
    ),
    "It runs out in year {}.": "Руда кончается в году {}.",
    "Open: {k}.": "Не решено: {k}.",
    "{} t of ore a year in years {} to {}: holds.": "{} т руды в год в годы {}–{}: выполняется.",
    "{} t of ore a year in years {} to {}: does not hold.": (
        "{} т руды в год в годы {}–{}: не выполняется."
    ),
    "At or above {} % {x} the block model holds {k}": ("При {} % {x} и выше в блочной модели: {k}"),
    "Measured {} t at {} %": "Measured {} т, {} %",
    "Indicated {} t at {} %": "Indicated {} т, {} %",
    "Measured + Indicated {} t at {} %": "Measured + Indicated {} т, {} %",
    "Inferred approximately {} t at {} %.": "Inferred около {} т, {} %.",
    "The truth of this invented deposit, all of it, is {} t at {} %.": (
        "Истина этого вымышленного месторождения, целиком: {} т, {} %."
    ),
    "the development": "проходка",
    "the concentrate line": "линия концентрата",
    "the plant": "фабрика",
    "the days of work in stopes": "дни работы в камерах",
    "the number of stopes that stand open": "число открытых камер",
    "the backfill": "закладка",
    "the haulage": "откатка",
    "the opening of levels": "вскрытие горизонтов",
    # Questions turned around.
    "Not known, because the ore is not; the plant allows at most {} t of ore a year.": (
        "Не известно, потому что не известна руда; фабрика допускает не более {} т руды в год."
    ),
    "{} t run of mine ({} t a year for {} years).": (
        "{} т рядовой руды ({} т в год в течение {} лет)."
    ),
    "Not known; state {x}.": "Не известно; укажите {x}.",
    "{} t of ore a year answers to {} t (Taylor), {} t (Long {}, underground other than block "
    "caving)": (
        "{} т руды в год отвечает {} т (Тейлор), {} т (Лонг {}, подземные кроме обрушения)"
    ),
    "{} t of ore answers to {} t/yr (Taylor), {} t/yr (Long {}, underground other than block "
    "caving)": (
        "{} т руды отвечает {} т/год (Тейлор), {} т/год (Лонг {}, подземные кроме обрушения)"
    ),
    "exponents published, multipliers recalled and not checked against the papers (up to {} "
    "times Taylor's is in use)": (
        "показатели степени опубликованы, множители по памяти и не сверены со статьями "
        "(применяют до {} множителя Тейлора)"
    ),
    "context, not a gate.": "фон, а не проверка.",
    "{} % Sb: {} t of {} % concentrate from {} t of ore at {} % recovery.": (
        "{} % Sb: {} т концентрата с {} % из {} т руды при извлечении {} %."
    ),
    "{} % Sb, a ceiling and not a head grade: all {} t of Sb in {} t of ore.": (
        "{} % Sb, потолок, а не содержание в питании: все {} т Sb в {} т руды."
    ),
    "{} t of Sb in {} t of ore at {} %.": "{} т Sb в {} т руды с {} %.",
    "{} % ({} by MCS {}: {} t) to {} % ({} by MCS {}: {} t)": (
        "{} % ({} по MCS {}: {} т) – {} % ({} по MCS {}: {} т)"
    ),
    "the editions differ from each other.": "издания расходятся между собой.",
    "{} t of {} % concentrate at {} % recovery, {} times the design output of {} t.": (
        "{} т концентрата с {} % при извлечении {} %, в {} раза больше проектного выпуска {} т."
    ),
    "{} t of ore a year makes the line's {} t of concentrate ({} % Sb, {} % recovery).": (
        "{} т руды в год даёт {} т концентрата линии ({} % Sb, извлечение {} %)."
    ),
    "{} % of the blend, {} t a year in {} t.": "{} % смеси, {} т в год из {} т.",
    "the statement's own cut-off is not stated: below its mean grade it may have left ore out": (
        "борт самого подсчёта не указан: ниже его среднего содержания руда могла быть опущена"
    ),
}
