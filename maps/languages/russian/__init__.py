"""What are labels called in Russian?"""

from maps.languages.russian import (
    columns,
    evidence,
    legend,
    mine,
    mine_panel,
    qgis,
    report,
    scripts,
    shared,
    terrain,
    three_d,
    units,
    validation,
    workbook,
)

#: English -> Russian. One room, one file of words; where two rooms name a thing, the later has the
#: last word: first the rooms of single products, then those that all share.
RUSSIAN: dict[str, str] = {
    **qgis.LABELS,
    **report.LABELS,
    **scripts.LABELS,
    **terrain.LABELS,
    **three_d.LABELS,
    **workbook.LABELS,
    **columns.LABELS,
    **legend.LABELS,
    **mine.LABELS,
    **mine_panel.LABELS,
    **validation.LABELS,
    **evidence.LABELS,
    **units.LABELS,
    **shared.LABELS,
}
