"""What do the sentences of checks, limits and plans that a report repeats say in Russian?"""

LABELS: dict[str, str] = {
    # What the checks of the files say.
    "{x}, row {} ({x}): ore x grade is {} times the stated metal.": (
        "{x}, строка {} ({x}): руда × содержание в {} раза больше заявленного металла."
    ),
    "Grade and metal may belong to different tonnages; they are not combined.": (
        "Содержание и металл могут относиться к разным тоннажам; они не сводятся."
    ),
    "Keep both if they differ; otherwise drop one.": "Оставьте оба, если они разные, иначе одно.",
    "They are not merged.": "Они не объединены.",
    "{x}, rows {x}, column {x}: grades below detection became half the limit ({} of them); "
    "found holes {x}.": (
        "{x}, строки {x}, столбец {x}: содержания ниже предела обнаружения заменены его "
        "половиной ({}); найдены в скважинах {x}."
    ),
    "{x}, rows {x}: holes with one survey are straight; found holes {x}.": (
        "{x}, строки {x}: скважины с одним замером приняты прямыми; найдены {x}."
    ),
    "{x}, rows {x}: gaps between intervals ({} m in all); found holes {x}.": (
        "{x}, строки {x}: пропуски между интервалами (всего {} м); найдены в скважинах {x}."
    ),
    "{x}, rows {x}: holes not covered to their ends ({} m in all); found holes {x}.": (
        "{x}, строки {x}: скважины опробованы не до концов (всего {} м); найдены {x}."
    ),
    "{x}: no nodata value is declared; every pixel counts as measured.": (
        "{x}: значение «нет данных» не объявлено; каждый пиксел считается измеренным."
    ),
    "found holes {x}": "найдены в скважинах {x}",
    "found holes {x}.": "найдены в скважинах {x}.",
    "{x}, rows {x}: gaps between intervals ({} m in all)": (
        "{x}, строки {x}: пропуски между интервалами (всего {} м)"
    ),
    "{x}, rows {x}: holes not covered to their ends ({} m in all)": (
        "{x}, строки {x}: скважины опробованы не до концов (всего {} м)"
    ),
    "{x} and {} more": "{x} и ещё {}",
    "{x} and {} more: {x}": "{x} и ещё {}: {x}",
    "{} m above": "{} м выше",
    "{} m below": "{} м ниже",
    "{} m at the top": "{} м вверху",
    "{} m at the bottom": "{} м внизу",
    "{x} ({x}) and {x} ({x}) are probably one deposit entered twice; found {} km apart, within "
    "their joint uncertainty of {} km.": (
        "{x} ({x}) и {x} ({x}): вероятно, одно месторождение внесено дважды; расстояние {} км, в "
        "пределах общей неточности {} км."
    ),
    "{x}, +-{x} km": "{x}, ±{x} км",
    # Validation and mine.
    "{x}, domain {x}: the mean of the estimate agrees with that of the declustered samples "
    "({} %).": (
        "{x}, домен {x}: среднее оценки согласуется со средним декластеризованных проб ({} %)."
    ),
    "{x}, domain {x}: {} of {} samples estimated from the others; mean error {} {x}, slope of "
    "true on estimated grades {}.": (
        "{x}, домен {x}: оценено по остальным {} из {} проб; средняя ошибка {} {x}, наклон "
        "истинных содержаний по оценённым {}."
    ),
    "Each bar is a year of digging.": "Каждый столбец – год добычи.",
    "No stope of this mine reaches {} % Sb as mined; the richest holds {} % Sb.": (
        "Ни одна камера этого рудника не достигает {} % Sb при добыче; в самой богатой {} % Sb."
    ),
    "None could be laid out that does, in this frame and with these widths: nothing could ever "
    "feed a line that takes ore of {} % Sb and more as mined.": (
        "Разметить такую нельзя, на этой сетке и при этой ширине: линию, которой нужна руда с {} "
        "% Sb и выше при добыче, питать нечем."
    ),
    "Pit: {} t of ore at {} % Sb under {} t of waste (strip ratio {}), down to {} m, worth {} "
    "USD undiscounted; proven optimal.": (
        "Карьер: {} т руды с {} % Sb под {} т вскрыши (коэффициент {}), до отметки {} м, "
        "ценность {} долл. без дисконтирования; доказано: оптимально."
    ),
    "Dug in {} pushbacks over {} years, at most {} t of ore and {} t of rock a year, it is worth "
    "{} USD at {} % a year, before capital and tax.": (
        "При отработке в {} этапа за {} лет, не более {} т руды и {} т горной массы в год, он "
        "стоит {} долл. при {} % годовых, до капитальных вложений и налога."
    ),
    "{} pushbacks were asked for: the width of {} m leaves no room for more.": (
        "Задано этапов: {}; ширина {} м не оставляет места для большего."
    ),
    "The first ore comes in year {}; the plant is short of ore in years {} to {}.": (
        "Первая руда в году {}; фабрике не хватает руды в годы {}–{}."
    ),
    "This order is a rule, not an optimised schedule.": (
        "Такой порядок – правило, а не оптимизированный план."
    ),
    "Concentrate of {} % of the ore of the pit would exceed the buyer's limit of {} % {x} if it "
    "were sold unmixed; the blend of all, {} %, keeps it.": (
        "Концентрат из {} % руды карьера превысил бы предел покупателя {} % {x} при продаже без "
        "смешения; смесь всего, {} %, его выдерживает."
    ),
    "Concentrate of {} % of the ore of the stopes would exceed the buyer's limit of {} % {x} if "
    "it were sold unmixed; the blend of all, {} %, keeps it.": (
        "Концентрат из {} % руды камер превысил бы предел покупателя {} % {x} при продаже без "
        "смешения; смесь всего, {} %, его выдерживает."
    ),
    "The worth assumes that all of it is sold.": "Ценность предполагает, что продано всё.",
    "The licence bounds the pit and costs {} USD.": (
        "Лицензия ограничивает карьер и стоит {} долл."
    ),
    "Stopes: {} on {} levels bring {} t of ore at {} % Sb to the mill, diluted and recovered, "
    "worth {} USD; no layout on this frame is worth more ({} % gap).": (
        "Камеры: {} на {} горизонтах дают фабрике {} т руды с {} % Sb с учётом потерь и "
        "разубоживания, ценность {} долл.; лучшей разметки на этой сетке нет (разрыв {} %)."
    ),
    "At the diluted head of each stope the mill would be paid {} instead of {} USD a tonne: "
    "recovery bends, and the optimum adds blocks at their own heads.": (
        "При разубоженном содержании каждой камеры фабрика получила бы {} вместо {} долл. за "
        "тонну: извлечение нелинейно, а оптимум складывает блоки с их содержаниями."
    ),
    "No stope of this layout could feed a line of {} % Sb: the richest holds {} %.": (
        "Ни одна камера этой разметки не питала бы линию на {} % Sb: в самой богатой {} %."
    ),
    "Stopes laid out for that grade alone find nothing either.": (
        "Камеры, размеченные только под это содержание, тоже ничего не находят."
    ),
    "Only Measured and Indicated rock is valued; {} t of other classes counts as waste.": (
        "Оценена только порода Measured и Indicated; {} т других категорий считается вскрышей."
    ),
    "The worth of the pit equals the bound that its flow proves for every pit, to the unit of {} "
    "USD; rounding to units can hide at most {} USD; a check without the solver confirmed "
    "slopes, flow and sums.": (
        "Ценность карьера равна границе, которую поток доказывает для любого карьера, до {} "
        "долл.; округление скрывает не более {} долл.; проверка без решателя подтвердила углы, "
        "поток и суммы."
    ),
    "Whole blocks follow the stated slopes within {} degrees on average, at most {} too steep "
    "and {} too flat (a steep sector flattens beside a flat one).": (
        "Целые блоки следуют заданным углам в среднем до {}°, не более чем на {} круче и на {} "
        "положе (крутой сектор рядом с пологим выполаживается)."
    ),
    "Whole blocks are ore or waste; ramps are in the overall slope angle.": (
        "Целый блок – руда или вскрыша; съезды учтены в общем угле борта."
    ),
    "The return is worked out block by block, each at its own head grade; a blend is paid at the "
    "head grade of the blend.": (
        "Выручка рассчитана по блокам, каждый со своим содержанием; за смесь платят по её "
        "содержанию."
    ),
    "The grades of the cut-offs hold with {x} = {} + {} x % Sb beside the antimony.": (
        "Бортовые содержания верны при {x} = {} + {} × % Sb рядом с сурьмой."
    ),
    "Up to year {} the plant is more than {} % short of its target in {} of {} years: {x}.": (
        "До года {} фабрика недобирает больше {} % в {} из {} лет: {x}."
    ),
    "The bound is the worth of the best fractional plan, which no whole plan passes; value, "
    "limits and sequence of the plan were checked again from the raw problem by code that shares "
    "nothing with the scheduler.": (
        "Граница – ценность лучшего дробного плана, которого не превзойдёт ни один целый; "
        "ценность, ограничения и очерёдность проверены заново по исходной задаче кодом, не общим "
        "с планировщиком."
    ),
    "{} stopes of {} t stay in the ground: they cost more than they bring.": (
        "Остаются в недрах камер: {}, {} т: они дороже того, что дают."
    ),
    "A tonne of ore costs {} USD to mine: {} to break, draw and haul, {} to fill, {} for headings "
    "and levels.": (
        "Добыча тонны руды стоит {} долл.: {} отбойка, выпуск и откатка, {} закладка, {} "
        "проходка и горизонты."
    ),
    "The stopes were laid out with {} USD/t ({x}), in which these stand together and which the "
    "plan does not use.": (
        "Камеры размечены при {} долл./т ({x}), где всё это вместе и чего план не использует."
    ),
    "Fill that no other stope waits for is counted with the ore, part by part; all fill is paid "
    "for with the ore.": (
        "Закладка, которой не ждёт другая камера, считается вместе с рудой, по частям; вся "
        "закладка оплачена с рудой."
    ),
    "The metal that is thereby not counted stands in the balance.": (
        "Не учтённый при этом металл стоит в балансе."
    ),
    "The concentrate line is loaded with the most concentrate that any ore of the bin gives.": (
        "Линия концентрата загружена наибольшим выходом из любой руды штабеля."
    ),
    "No stope reaches {} % Sb after dilution: nothing is shipped directly.": (
        "Ни одна камера не достигает {} % Sb после разубоживания: напрямую ничего не отгружается."
    ),
    "A stope stands open from its preparation until it is filled.": (
        "Камера открыта от подготовки до закладки."
    ),
    "No more than {} stand open at the end of any period, and no more days are worked in stopes "
    "than as many have in it; what stands open within a long period is held by the days alone.": (
        "В конце любого периода открыто не более {}, и дней работы в камерах не больше, чем у "
        "стольких камер; внутри долгого периода открытое ограничено только днями."
    ),
    "NPV: what is paid for the ore less all costs of mining, headings, fill, haulage, processing, "
    "general, sustaining capital and royalty, discounted; before the fixed cost of a year (taken "
    "off apart), initial capital and tax.": (
        "ЧДД: оплата руды за вычетом всех затрат на добычу, проходку, закладку, откатку, "
        "обогащение, общих, поддерживающих вложений и роялти, с дисконтированием; до постоянных "
        "затрат года (вычтены отдельно), начальных вложений и налога."
    ),
    "By the relaxed problem next to nothing (under {} %): {k}.": (
        "По ослабленной задаче почти ничего (менее {} %): {k}."
    ),
    "{} % more of the {k}": "на {} % больше: {k}",
    "Maximised: sum of recovered t x ({x} - ore cost) less mining cost of all t broken.": (
        "Максимум: сумма извлечённых т × ({x} − затраты на руду) за вычетом добычи всех отбитых т."
    ),
    "Optimal in every panel among all sets of stopes with straight walls from floor to roof, both "
    "ends on steps of {} m, dipping {} to {} degrees, {} to {} m of true width, {} m of pillar, "
    "skins of {} and {} m within the frame; levels of {} m in {} slices and sections of {} m "
    "from {} E {} N {} m along {} degrees.": (
        "Оптимально в каждой панели среди всех наборов камер с прямыми стенками от почвы до "
        "кровли, концы с шагом {} м, падение {}–{}°, истинная мощность {}–{} м, целик {} м, "
        "прирезки {} и {} м в пределах сетки; горизонты по {} м в {} слоёв и секции по {} м от "
        "{} в. {} с. {} м по {}°."
    ),
    "Optimal in every panel among all sets of stopes with straight walls from floor to roof, both "
    "ends on steps of {} m, dipping {} to {} degrees, {} to {} m of true width, {} m of pillar, "
    "skins of {} and {} m within the frame": (
        "Оптимально в каждой панели среди всех наборов камер с прямыми стенками от почвы до "
        "кровли, концы с шагом {} м, падение {}–{}°, истинная мощность {}–{} м, целик {} м, "
        "прирезки {} и {} м в пределах сетки"
    ),
    "levels of {} m in {} slices and sections of {} m from {} E {} N {} m along {} degrees.": (
        "горизонты по {} м в {} слоёв и секции по {} м от {} в. {} с. {} м по {}°."
    ),
    "Stopes of part of a level, bent walls and other frames are not covered.": (
        "Камеры в часть горизонта, изломанные стенки и другие сетки не охвачены."
    ),
    "Between panels: opening a level costs {}; a rib pillar after at most {} sections; a sill "
    "pillar after at most {} levels.": (
        "Между панелями: вскрытие горизонта стоит {}; междукамерный целик не реже чем через {} "
        "секций; междуэтажный не реже чем через {} горизонтов."
    ),
    "Panels and levels chosen by a mixed-integer program ({x}): value {}, bound {} USD, gap {} "
    "%.": (
        "Панели и горизонты выбраны целочисленной программой ({x}): ценность {}, граница {} "
        "долл., разрыв {} %."
    ),
    "A mined panel holds stopes that pay by themselves; walls need not meet those of the next "
    "section.": (
        "В отработанной панели камеры окупаются сами; стенки не обязаны смыкаться с соседней "
        "секцией."
    ),
    "Best of {} offsets of the frame; the stopes of each offset carry their own proof, frames "
    "between the offsets are not covered.": (
        "Лучший из {} сдвигов сетки; у камер каждого сдвига своё доказательство, сетки между "
        "сдвигами не охвачены."
    ),
    "Worth {} to {}.": "Ценность {}–{}.",
    "An independent check of every stope, rule and sum found nothing wrong.": (
        "Независимая проверка каждой камеры, правила и суммы ошибок не нашла."
    ),
    "{k}, {x}: Variance of the model's blocks is {} % of that foretold for blocks: {k}.": (
        "{k}, {x}: дисперсия блоков модели составляет {} % предсказанной для блоков: {k}."
    ),
    "and": "и",
    "What follows: plan the rate, it can be held": (
        "Что из этого следует: планируйте эту мощность, её можно выдержать"
    ),
    "look at {} % more of the {k} before {} % more of the {k}": (
        "сначала рассмотрите +{} %: {k}, затем +{} %: {k}"
    ),
    "stop after year {}": "кончайте после года {}",
    "spend nothing on {k} or the like.": "не тратьтесь на: {k}, и подобное.",
    "After the fixed cost of its {} years ({} M USD) it is worth {} M USD.": (
        "После постоянных затрат за {} лет ({} млн долл.) он стоит {} млн долл."
    ),
    "Beside it: no rate (the first plan found without the rate) {} M USD, {} years": (
        "Рядом: без мощности (первый план, найденный без неё) {} млн долл., {} лет"
    ),
    "greedy (the best stope that is left, first) {} M USD, {} years": (
        "жадный (сначала лучшая из оставшихся камер) {} млн долл., {} лет"
    ),
    "Lane (a cut-off each year, any ore at any time, once the plant has run in) {} M USD, {} "
    "years.": (
        "Лейн (борт каждый год, любая руда в любое время, после освоения фабрики) {} млн долл., "
        "{} лет."
    ),
    "A tonne off the stockpile counts as no better than any ore that may lie in its bin: with the "
    "least metal and the most of what its buyers deduct for: {k}": (
        "Тонна со штабеля считается не лучше любой руды, какая может лежать в её ячейке: с "
        "наименьшим металлом и наибольшим из того, за что вычитают покупатели: {k}"
    ),
    "{} to {} % Sb with antimony {} %, gold {} g/t, arsenic {} %, mercury {} %": (
        "{}–{} % Sb: сурьма {} %, золото {} г/т, мышьяк {} %, ртуть {} %"
    ),
    "{} and more % Sb with antimony {} %, gold {} g/t, arsenic {} %, mercury {} %.": (
        "{} % Sb и более: сурьма {} %, золото {} г/т, мышьяк {} %, ртуть {} %."
    ),
    # What figures say to those who point at them, and what stands in cells.
    "CV": "коэф. вариации",
    "Mean error not known % (not known of the mean): whether the estimate is biased is not "
    "known.": ("Средняя ошибка неизвестна: смещена ли оценка, неизвестно."),
    "not known of {}": "неизвестно из {}",
    "not known %": "неизвестно, %",
    "Scatter of true grade and estimate": "Рассеяние истинного содержания и оценки",
    "fewer than two samples estimated": "оценено меньше двух проб",
    "{k} in concentrate of all ore of the open pit mixed exceeds the limit of the buyer: the value "
    "assumes that it is sold all the same.": (
        "{k} в концентрате из всей смешанной руды карьера выше предела покупателя: ценность "
        "предполагает, что он всё же продан."
    ),
    "{k} in concentrate of all ore of the stopes mixed exceeds the limit of the buyer: the value "
    "assumes that it is sold all the same.": (
        "{k} в концентрате из всей смешанной руды камер выше предела покупателя: ценность "
        "предполагает, что он всё же продан."
    ),
    "Of this mine {} t at {} % Sb, {} % of the ore in stopes, could feed a line that takes ore of "
    "{} % Sb and more as mined.": (
        "На этом руднике {} т с {} % Sb, {} % руды камер, могли бы питать линию, которой нужна "
        "руда с {} % Sb и выше при добыче."
    ),
    "At {} t a year that is {} days of feed.": "При {} т в год это питание на {} дней.",
    "above the limit": "выше предела",
    "mill": "фабрика",
    "bound {} % above": "граница выше на {} %",
    "USD/oz": "долл./тр. унц.",
    "Stoping": "Очистная выемка",
    "{} t of ore a year in years {} to {}: not known.": (
        "{} т руды в год в годы {}–{}: неизвестно."
    ),
    "{} kt in {} years": "{} тыс. т за {} [год|года|лет]",
    "What holds its worth back is the {k}.": "Ценность сдерживает: {k}.",
    "number of stopes": "число камер",
    "number of stopes in cycle": "число камер в цикле",
    "ore sold as mined, past the plant {} t at {} % Sb": "продано мимо фабрики {} т с {} % Sb",
    "Rock dug on each bench, from the top down: the darker, the larger the part of the bench that "
    "is dug in that year.": (
        "Горная масса по уступам сверху вниз: чем темнее, тем большая часть уступа вынута в этом "
        "году."
    ),
    "The orange line is the year's part of the bench's ore, as a length.": (
        "Оранжевая линия – доля руды уступа за год, её длина."
    ),
    "Point at a cell to read it.": "Наведите на клетку, чтобы её прочесть.",
    "Benches in time": "Уступы во времени",
    "Rock of each bench by year": "Горная масса каждого уступа по годам",
    "Access of {x}, year {}: {k}": "Вскрытие {x}, год {}: {k}",
    "Preparation of {x}, year {}: {k}": "Подготовка {x}, год {}: {k}",
    "Fill of {x}, year {}: {k}": "Закладка {x}, год {}: {k}",
    "Stope of {x}, year {}: {k}": "Камера {x}, год {}: {k}",
    "Access of {x}": "Вскрытие {x}",
    "Preparation of {x}": "Подготовка {x}",
    "Fill of {x}": "Закладка {x}",
    "Stope of {x}": "Камера {x}",
    "no ore": "без руды",
    "{x}: of the shape of {k}.": "{x}: по форме как у элемента «{k}».",
}
