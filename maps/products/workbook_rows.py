"""By which formulas does the sheet of scenarios come from its inputs to the base case?

The chain of `planning.verdict.base_case`, written once more as a spreadsheet reads it. ``{name}``
stands for the cell of a row in the column of its scenario; ``{all_name}`` for the cell that sets it
for all scenarios; ``{curve_*}`` for the columns of the ore at or above rising cut-offs.
"""

from __future__ import annotations

from dataclasses import dataclass

from maps.products.workbook_inputs import CONVENTIONS, FOR_ALL, INPUTS
from maps.products.workbook_limits import Limits
from maps.wording import AU_UNIT, SB_UNIT


@dataclass(frozen=True, slots=True)
class Live:
    """A row that is recalculated.

    Parameters
    ----------
    name, label, unit : str
        Its name, its words and its unit.
    formula : str
        Without the sign of equality.
    needs : tuple of str
        Rows that must be numbers; while one is not, this row is not known.
    of_ore : bool
        Whether it reads the ore: where that is not known, neither is this.
    base_case : str
        Its key in ``base_case``; "" for a step on the way.
    otherwise : str
        What stands there while an input is not right or not known.
    """

    name: str
    label: str
    unit: str
    formula: str
    needs: tuple[str, ...] = ()
    of_ore: bool = False
    base_case: str = ""
    otherwise: str = "{unknown}"


def _used(name: str, otherwise: str) -> str:
    own = f"IF(ISNUMBER({{{name}}}),{{{name}}},{otherwise})"
    return f"IF(ISNUMBER({{all_{name}}}),{{all_{name}}},{own})"


def _between(column: str, at: str, part: str) -> str:
    first, second = f"INDEX({{{column}}},{{{at}}})", f"INDEX({{{column}}},{{{at}}}+1)"
    return f"{first}+{{{part}}}*({second}-{first})"


def _gold_between(at: str, part: str) -> str:
    """Gold between two cut-offs; at the first of them the second need not be known."""
    known = f"COUNT(INDEX({{curve_au}},{{{at}}}),INDEX({{curve_au}},{{{at}}}+1))=2"
    first = f"INDEX({{curve_au}},{{{at}}})"
    alone = f"IF(AND({{{part}}}=0,ISNUMBER({first})),{first},{{unknown}})"
    return f"IF({known},{_between('curve_au', at, part)},{alone})"


def _richest() -> str:
    """Antimony between two rows, by a cubic: its slope over ore is the cut-off itself."""
    t, sb, cut = "{step}", "INDEX({curve_sb},{row}%s)", "INDEX({curve_cutoff},{row}%s)/100"
    ore = "(INDEX({curve_ore},{row}+1)-INDEX({curve_ore},{row}))"
    ends = f"{sb % ''}+({sb % '+1'}-{sb % ''})*(3-2*{t})*{t}^2"
    first, second = f"{t}*(1-{t})^2*{cut % ''}", f"{t}^2*({t}-1)*{cut % '+1'}"
    return f"{ends}+{ore}*({first}+{second})"


def _shortfall() -> str:
    growing = "MIN({ramp_up_years},{horizon_years})"
    return f"IF(N({{ramp_up_years}})>0,{growing}-{growing}^2/(2*{{ramp_up_years}}),0)"


def _wrong(name: str, limits: Limits) -> str:
    cell = f"{{{name}}}"
    return f'IF({cell}="",0,1-{limits.test(cell)})'


def _faults() -> str:
    """Count what stands in yellow cells and cannot be right."""
    limits = {each.name: each.limits for _, group in INPUTS for each in group}
    counted = [_wrong(name, each) for name, each in limits.items()]
    counted += [_wrong(f"all_{name}", limits[name]) for name in FOR_ALL]
    counted.append("ABS(COUNT({dilution_fraction})-COUNT({dilution_grade_sb_pct}))")
    words = ",".join(f"{{discounting}}={{{name}}}" for name in CONVENTIONS)
    return "+".join([*counted, f"1-OR({words})"])


#: Whether all inputs can be right; the two rows that every other one asks first.
CHECK: tuple[Live, ...] = (
    Live("faults", "Inputs that are not right", "", _faults()),
    Live(
        "checked",
        "Inputs",
        "",
        "IF({faults}=0,{said_right},{faults}&{said_wrong})",
    ),
)

ORE: tuple[Live, ...] = (
    Live(
        "rate",
        "Ore to the plant, used",
        "t/yr",
        _used("throughput_t_per_year", "{unknown}"),
        base_case="throughput_t_per_year",
    ),
    Live(
        "price",
        "Price of antimony, used",
        "USD/t Sb",
        _used("sb_price", "{unknown}"),
        base_case="sb_price_usd_per_t",
    ),
    Live("cutoff", "Cut-off, used", SB_UNIT, _used("cutoff_sb_pct", "0")),
    Live(
        "need",
        "Ore the plan needs",
        "t",
        f"{{rate}}*({{horizon_years}}-{_shortfall()})",
        ("rate", "horizon_years", "ramp_up_years"),
        base_case="ore_needed_t",
    ),
    Live(
        "taken",
        "Ore recovered of a tonne in situ",
        "fraction",
        "IF(ISNUMBER({mining_recovery_fraction}),{mining_recovery_fraction},1)",
    ),
    Live("rom", "Run-of-mine ore of a tonne in situ", "t/t", "{taken}*(1+N({dilution_fraction}))"),
    Live(
        "waste_sb",
        "Antimony from its waste",
        "t Sb/t",
        "{taken}*N({dilution_fraction})*N({dilution_grade_sb_pct})/100",
    ),
    Live(
        "at",
        "Row of the cut-off among the ore",
        "",
        "MIN(MATCH({cutoff},{curve_cutoff},1),ROWS({curve_cutoff})-1)",
        of_ore=True,
    ),
    Live(
        "part",
        "Part of the way to the next row",
        "fraction",
        "({cutoff}-INDEX({curve_cutoff},{at}))"
        "/(INDEX({curve_cutoff},{at}+1)-INDEX({curve_cutoff},{at}))",
        of_ore=True,
    ),
    Live("situ", "Ore in situ", "t", _between("curve_ore", "at", "part"), of_ore=True),
    Live("situ_sb", "Antimony in situ", "t Sb", _between("curve_sb", "at", "part"), of_ore=True),
    Live("situ_au", "Gold in situ", "kg Au", _gold_between("at", "part"), of_ore=True),
    Live("ore", "Ore there is", "t", "{situ}*{rom}", ("situ",), True, "ore_available_t"),
    Live(
        "life",
        "Years it lasts",
        "yr",
        "IF(AND(N({ramp_up_years})>0,{ore}/{rate}<N({ramp_up_years})/2),"
        "SQRT(2*N({ramp_up_years})*{ore}/{rate}),{ore}/{rate}+N({ramp_up_years})/2)",
        ("ore", "rate", "ramp_up_years"),
        True,
        "life_years",
    ),
    Live(
        "mean",
        "Mean grade of that ore",
        SB_UNIT,
        "IF({ore}>0,({situ_sb}*{taken}+{situ}*{waste_sb})/{ore}*100,{unknown})",
        ("ore",),
        True,
        "mean_grade_of_all_ore_sb_pct",
    ),
    Live(
        "mean_au",
        "Mean gold of that ore",
        AU_UNIT,
        "IF({ore}>0,{situ_au}*1000*{taken}/{ore},{unknown})",
        ("ore", "situ_au"),
        True,
    ),
    Live(
        "row",
        "Row of the leanest ore that is needed",
        "",
        "IF({need}<={ground_ore}*{rom},MAX(1,MIN(SUMPRODUCT(--({curve_ore}>="
        "{need}/{rom})),ROWS({curve_ore})-1)),{unknown})",
        ("need",),
        True,
    ),
    Live(
        "step",
        "Part of the way to the next row, needed",
        "fraction",
        "IFERROR((INDEX({curve_ore},{row})-{need}/{rom})"
        "/(INDEX({curve_ore},{row})-INDEX({curve_ore},{row}+1)),{unknown})",
        ("row",),
        True,
    ),
    Live(
        "richest_sb",
        "Antimony of the richest ore that is needed, in situ",
        "t Sb",
        _richest(),
        ("row", "step"),
        True,
    ),
    Live(
        "richest",
        "Grade of the richest ore that fills the years",
        SB_UNIT,
        "IF({has_laws}=1,({richest_sb}*{taken}+{need}/{rom}*{waste_sb})/{need}*100,{unknown})",
        ("richest_sb",),
        True,
    ),
    Live(
        "richest_au_kg",
        "Gold of that ore, in situ",
        "kg Au",
        _gold_between("row", "step"),
        ("row", "step"),
        True,
    ),
    Live(
        "richest_au",
        "Gold grade of that ore",
        AU_UNIT,
        "{richest_au_kg}*1000*{taken}/{need}",
        ("richest_au_kg",),
        True,
    ),
)

PLANT: tuple[Live, ...] = (
    Live(
        "head",
        "Head grade",
        SB_UNIT,
        "IF(ISNUMBER({required_head_grade_sb_pct}),{required_head_grade_sb_pct},"
        "IF({is_known}=1,IF(ISNUMBER({richest}),{richest},{unknown}),"
        "IF(ISNUMBER({head_grade_sb_pct}),{head_grade_sb_pct},{unknown})))",
        base_case="head_grade_sb_pct",
    ),
    Live(
        "head_au",
        "Head grade, gold",
        AU_UNIT,
        "IF(OR(ISNUMBER({required_head_grade_sb_pct}),NOT(ISNUMBER({richest}))),{unknown},"
        "IF(ISNUMBER({richest_au}),{richest_au},{unknown}))",
        base_case="head_grade_au_gpt",
    ),
    Live(
        "ceiling_grade",
        "Grade if all known or published metal went into the plan's ore",
        SB_UNIT,
        "IF({is_known}=1,({ground_sb}*{taken}+{ground_ore}*{waste_sb})/{need}*100,"
        "IF(ISNUMBER({ceiling}),{ceiling}/{need}*100,{unknown}))",
        ("need",),
        base_case="ceiling_grade_sb_pct",
    ),
    Live(
        "sb_in_ore",
        "Antimony in a year's ore",
        "t Sb/yr",
        "{rate}*{head}/100",
        ("rate", "head"),
        base_case="sb_in_ore_t_per_year",
    ),
    Live(
        "concentrate",
        "Concentrate of a full year",
        "t/yr",
        "IF({head}>={concentrate_sb_pct},{unknown},"
        "{rate}*{head}*{sb_recovery}/{concentrate_sb_pct})",
        ("rate", "head", "sb_recovery", "concentrate_sb_pct"),
        base_case="concentrate_t_per_year",
    ),
    Live(
        "sb_in_concentrate",
        "Antimony in that concentrate",
        "t Sb/yr",
        "{sb_in_ore}*{sb_recovery}",
        ("sb_in_ore", "sb_recovery"),
        base_case="sb_in_concentrate_t_per_year",
    ),
    Live(
        "hg",
        "Mercury in a year's ore",
        "t Hg/yr",
        "{rate}*{hg_pct_of_ore}/100",
        ("rate", "hg_pct_of_ore"),
        base_case="hg_in_ore_t_per_year",
    ),
    Live(
        "arsenic",
        "Arsenic in a year's ore",
        "t As/yr",
        "{rate}*{as_pct_of_ore}/100",
        ("rate", "as_pct_of_ore"),
        base_case="as_in_ore_t_per_year",
    ),
)
