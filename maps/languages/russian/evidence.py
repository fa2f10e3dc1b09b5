"""How are answers, verdicts and claims headed in Russian?"""

LABELS: dict[str, str] = {
    "The {} years are assumed: a test, not part of the claim.": (
        "{} [год|года|лет] — принятый срок проверки, в утверждении его нет."
    ),
    "SYNTHETIC: an invented deposit for demonstration. No figure here is about a real place.": (
        "SYNTHETIC: вымышленное месторождение для показа. Ни одно число здесь не относится к "
        "настоящему месту."
    ),
    "SYNTHETIC: an invented deposit.": "SYNTHETIC: вымышленное месторождение.",
    "Skip to the layers of the map": "Перейти к слоям карты",
    "Tables and figures of the validation": "Таблицы и графики проверки",
    "Table": "Таблица",
    "none": "нет",
    "all": "все",
    "any cut-off": "любое бортовое содержание",
    "Not known": "Неизвестно",
    "passes": "выполнено",
    "fails": "не выполнено",
    "in line": "согласуется",
    "out of line": "не согласуется",
    "usual": "обычно",
    "unusual": "необычно",
    "consistent": "согласуется",
    "inconsistent": "противоречит",
    "mistimed": "не совпадает по времени",
    "not comparable": "несравнимо",
    "not checkable": "нельзя проверить",
    "settlement": "населённый пункт",
    "source": "источник",
    "What the fields hold, in situ": "Что содержат поля, в недрах",
    "As claimed": "Как заявлено",
    "As a planner reads it": "В понимании проектировщика",
    "The plan as a planner reads it": "План в понимании проектировщика",
    "Binding test:": "Решающая проверка:",
    "To know it, state in the study:": "Чтобы узнать, укажите в исследовании:",
    "Rests on the assumptions": "Основано на допущениях",
    "ASSUMED, for comparison only.": "ПРИНЯТО, только для сравнения.",
    "Bounding cases: what if the field were as below? They are no estimate and enter no total.": (
        "Граничные случаи: что если поле таково? Это не оценка, в итоги они не входят."
    ),
    "ASSUMED: {x}": "ПРИНЯТО: {x}",
    "{x}, no published tonnage": "{x}, тоннаж не опубликован",
    "No published tonnage": "Тоннаж не опубликован",
    "Why: the tests behind the verdicts": "Почему: проверки, на которых основаны заключения",
    "What ore above {} % Sb would mean": "Что означала бы руда выше {} % Sb",
    "Rich ore": "Богатая руда",
    "Why rich samples and a lean feed are both true": (
        "Почему верны и богатые пробы, и бедная руда на фабрике"
    ),
    "Grade and tonnage by field": "Содержание и тоннаж по полям",
    "If the plan must hold for longer": "Если план должен выполняться дольше",
    "If the plan must hold for": "Если план нужен на",
    "What would have to be true": "Что должно быть верно",
    "What a tonne of ore could bear": "Какие затраты выдержит тонна руды",
    "What moves the answer, and how long ore would last": (
        "Что меняет ответ и на сколько хватит руды"
    ),
    "Sources and layers": "Источники и слои",
    "All fields together": "Все рудные поля вместе",
    "Share at or above {} % Sb, %": "Доля с содержанием от {} % Sb, %",
    "Share at or above {} % Sb": "Доля с содержанием от {} % Sb",
    "Grade-tonnage curve": "Кривая содержание – тоннаж",
    "Gates: each must pass": "Условия: должно выполняться каждое",
    "Context: never decides": "Для сведения: ничего не решает",
    "Known part ({x})": "Известная часть ({x})",
    "Highest cost a tonne of ore could bear": "Наибольшие затраты, которые выдержит тонна руды",
    "Required net price": "Необходимая чистая цена",
    "antimony in concentrate, t Sb/yr; base {}": "сурьма в концентрате, т Sb/год; основа {}",
    "net present value, million USD; base {}": "ЧДД, млн долл.; основа {}",
    "{} Mt of ore (in situ, before loss and dilution; kind {x})": (
        "{} млн т руды (в недрах, до потерь и разубоживания; вид: {x})"
    ),
    "Test": "Проверка",
    "Finds": "Получено",
    "Needs": "Нужно",
    "Result": "Результат",
    "Beside": "Для сравнения",
    "Ore at {} % Sb, at the most": "Руда с {} % Sb, не более",
    "Ore at {} % Sb for the whole horizon": "Руда с {} % Sb на весь срок",
    "Ore for the whole horizon": "Руда на весь срок",
    "Mine capacity": "Мощность рудника",
    "Plant throughput": "Мощность фабрики",
    "Antimony in a year's ore beside the mine output of {x}": (
        "Сурьма в руде за год рядом с добычей: {x}"
    ),
    "World, {} (MCS {})": "мир, {} (MCS {})",
    "Tajikistan, {} (MCS {})": "Таджикистан, {} (MCS {})",
    "Concentrate beside the plant's design output": "Концентрат рядом с проектным выпуском фабрики",
    "What the plant treated on average": "Что фабрика перерабатывала в среднем",
    "Grade if all published metal went into the plan's ore (a ceiling, not a head grade)": (
        "Содержание, если бы весь опубликованный металл был в руде плана (верхний предел, не "
        "содержание в питании)"
    ),
    "Ore against the size that mines of this rate usually have": (
        "Руда против обычного размера рудников такой мощности"
    ),
    "Mercury in a year's ore": "Ртуть в руде за год",
    "Arsenic in a year's ore": "Мышьяк в руде за год",
    "Claim and what stands against it": "Утверждение и что против него",
    "Mean Sb": "Среднее содержание Sb",
    "Selection unit": "Единица выемки",
    "selection unit, t": "единица выемки, т",
    "Tonnes": "Тонны",
    "Metal": "Металл",
    "Mean grade above": "Среднее содержание выше",
    "drill sample": "керновая проба",
    "hand-sorted lump lot": "партия ручной сортировки",
    "tonne": "тонна",
    "face slice": "заходка в забое",
    "stope slice": "слой камеры",
    "small stope": "малая камера",
    "large stope": "большая камера",
    "of the metal": "металла",
    "of the tonnes": "тонн",
    "Grade": "Содержание",
    "Sb metal": "Металл Sb",
    "Gold": "Золото",
    "Antimony": "Сурьма",
    "Arsenic": "Мышьяк",
    "Mercury": "Ртуть",
    "For": "На срок",
    "If all costs come to": "Если все затраты составят",
    "a recovered tonne must bring, net": "извлечённая тонна должна приносить, чистыми",
    "Binding, or missing": "Решающее или недостающее",
    "lacks {x}": "не хватает: {x}",
    "The plan as claimed: every tonne at {} % Sb or more": (
        "План, как заявлен: каждая тонна от {} % Sb"
    ),
    "Both fields feed Anzob, as the public story has it": (
        "Оба поля питают Анзоб, как пишет пресса"
    ),
    "The rate the plant has kept on average": (
        "Производительность, которую фабрика держала в среднем"
    ),
    "Price deck {} USD/t ({x})": "Ряд цен {} долл./т ({x})",
    "mean of {}": "среднее за {}",
    "One input at a time": "Одна величина за раз",
    "from, to": "от, до",
    "Rate": "Производительность",
    "would last": "хватило бы на",
    "for this size, by rule of thumb": "для такого размера, по опыту",
    "< {} mining unit": "< {} единицы выемки",
    "gold at or above {} % Sb, by its correlation with antimony": (
        "золото при {} % Sb и выше, по корреляции с сурьмой"
    ),
    "Gold in ore of {} % Sb and above, by assumed correlation with Sb": (
        "Золото в руде от {} % Sb, при принятой корреляции с Sb"
    ),
    "Share of tonnes and metal at {} % Sb and above, by selection unit": (
        "Доля тонн и металла от {} % Sb по единицам выемки"
    ),
    "Also spelt {x}": "Другие написания: {x}",
    "In situ, before loss and dilution": "В недрах, до потерь и разубоживания",
    "ranges are P10 to P90 under the stated assumptions": (
        "интервалы P10–P90 при указанных допущениях"
    ),
    "as claimed": "как заявлено",
    "head {} % Sb": "в питании {} % Sb",
    "ore {} Mt": "руда {} млн т",
    "NPV {} million USD": "ЧДД {} млн долл.",
    "statement {x}": "подсчёт {x}",
    "claim {x}": "утверждение {x}",
    "layer {x}": "слой {x}",
    "Said by:": "Кто утверждает:",
    "Arithmetic:": "Расчёт:",
    "Evidence:": "Данные:",
    "cannot be": "невозможно",
    "Source: {x}": "Источник: {x}",
    "Ore above cut-off, Mt": "Руда выше бортового содержания, млн т",
    "Ore above cut-off": "Руда выше бортового содержания",
    "Mean grade above it": "Среднее содержание выше него",
    "In words": "Словами",
    "anzob {x}": "anzob {x}",
    "{x} in the GeoPackage": "{x} в GeoPackage",
    "WGS {} on this page": "WGS {} на этой странице",
    "Study": "Исследование",
    ": tonnes, grade and gold not known; nothing is published": (
        ": тоннаж, содержание и золото неизвестны; ничего не опубликовано"
    ),
    ", {x}: {x} at {} % Sb, {x}, gold {x} ({x})": ", {x}: {x}, {} % Sb, {x}, золото {x} ({x})",
    "{x}, ±{} km: where the deposit may lie, not its outline": (
        "{x}, ±{} км: где может лежать месторождение, не его контур"
    ),
    "{x}: best published estimate": "{x}: лучшая опубликованная оценка",
    "{x}, per tonne of ore in the ground": "{x}, на тонну руды в недрах",
    "{} of {} named fields is published as a feed of the plant.": (
        "Питанием фабрики названо полей: {} из {}."
    ),
    "{} of {} named fields are published as a feed of the plant.": (
        "Питанием фабрики названо полей: {} из {}."
    ),
    "Columns: the assumed spread of grades among selection units, as coefficient of variation "
    "(CV).": (
        "Столбцы: принятый разброс содержаний между единицами выемки, коэффициент вариации (Кв)."
    ),
    "Rows: the mean grade.": "Строки: среднее содержание.",
    "Cells: shares of all ore and of all its antimony that lie at or above {} % Sb.": (
        "Ячейки: доли всей руды и всей её сурьмы с содержанием от {} % Sb."
    ),
    "At a head grade of {} % Sb (assumed for {x}, no tonnage behind it).": (
        "При содержании в питании {} % Sb (принято для {x}, тоннажем не подтверждено)."
    ),
    "At a head grade of {} % Sb ({x}).": "При содержании в питании {} % Sb ({x}).",
    "Kind: assumed; antimony only; before treatment, transport, penalties, royalty and capital.": (
        "Вид: принято; только сурьма; до переработки, перевозки, штрафов, роялти и "
        "капиталовложений."
    ),
    "No term of sale is published.": "Условия продажи не опубликованы.",
    "{x}. {} % of it": "{x}. {} % от неё",
    "{} of {} inputs are assumed.": "Принято исходных величин: {} из {}.",
    "Study {x}": "Исследование {x}",
    "SHA-256 {x}": "SHA-256 {x}",
    "reported: somebody published it": "опубликовано: это кто-то опубликовал",
}
