"""What are labels called in Russian?"""

from maps.languages.russian import (
    columns,
    evidence,
    legend,
    mine,
    mine_panel,
    mine_sentences,
    qgis,
    report,
    report_sentences,
    report_table_1,
    report_told,
    scripts,
    shared,
    terrain,
    three_d,
    units,
    validation,
    workbook,
)

#: English -> Russian. One room, one file of words; what two rooms name stands once, in the lower
#: one: first the rooms of single products, then those that all share.
RUSSIAN: dict[str, str] = {
    **qgis.LABELS,
    **report.LABELS,
    **report_sentences.LABELS,
    **report_table_1.LABELS,
    **report_told.LABELS,
    **scripts.LABELS,
    **terrain.LABELS,
    **three_d.LABELS,
    **workbook.LABELS,
    **columns.LABELS,
    **legend.LABELS,
    **mine.LABELS,
    **mine_panel.LABELS,
    **mine_sentences.LABELS,
    **validation.LABELS,
    **evidence.LABELS,
    **units.LABELS,
    **shared.LABELS,
}
