"""What are the labels that several products share called in Russian?"""

LABELS: dict[str, str] = {
    "Sources": "Источники",
    "Source": "Источник",
    "not known": "неизвестно",
    "holds": "выполняется",
    "does not hold": "не выполняется",
    "SYNTHETIC": "SYNTHETIC (вымышленные данные)",
    # As in a name: DEMO (SYNTHETIC).
    "{k} (SYNTHETIC)": "{k} (SYNTHETIC)",
    "Year": "Год",
    "Value": "Значение",
    "Unit": "Единица",
    "Level": "Горизонт",
    "Warnings": "Предупреждения",
    "yes": "да",
    "no": "нет",
    "reported": "опубликовано",
    "derived": "рассчитано",
    "assumed": "принято",
    "Study file": "Файл исследования",
    "Study SHA-256": "SHA-256 исследования",
    "Version": "Версия",
    "Written": "Составлено",
    "Figure": "Показатель",
    "Concentrate": "Концентрат",
    "Contents": "Оглавление",
    "Found": "Найдено",
    "nothing": "ничего",
    "Schedule": "Календарный план",
    "Cut-off, % Sb": "Бортовое содержание, % Sb",
    "Ore, t": "Руда, т",
    "Head grade, % Sb": "Содержание в питании, % Sb",
    "Input": "Исходная величина",
    "Not a Mineral Resource or Ore Reserve under JORC, NI 43-101 or GKZ: classes follow stated "
    "criteria, nobody has signed for them, and reasonable prospects are not assessed.": (
        "Не минеральные ресурсы и не рудные запасы по JORC, NI 43-101 или ГКЗ: категории даны "
        "по указанным критериям, никто за них не подписался, обоснованные перспективы "
        "извлечения не оценивались."
    ),
    "Not a Mineral Resource or Ore Reserve under JORC, NI 43-101 or GKZ; published and "
    "historical figures, not verified by a Competent or Qualified Person; reasonable prospects "
    "not assessed.": (
        "Не минеральные ресурсы и не рудные запасы по JORC, NI 43-101 или ГКЗ; опубликованные "
        "и исторические данные, не подтверждённые компетентным или квалифицированным лицом; "
        "обоснованные перспективы извлечения не оценивались."
    ),
    "Blocks of the model": "Блоки модели",
    "Show blocks": "Показать блоки",
    "Inputs": "Исходные данные",
    "{} more": "ещё {}",
    "an invented deposit.": "вымышленное месторождение.",
    "SYNTHETIC throughout.": "SYNTHETIC: вымышлено всё.",
}
