"""By which formulas does a year's ore become money, and what are they worth together?

The chain of `planning.economics` as a spreadsheet reads it; names as in `workbook_rows`, and
``{flow_*}`` for the columns of the scenario's years.
"""

from __future__ import annotations

from deposits.units import GRAMS_PER_TROY_OUNCE
from maps.products.workbook_inputs import COSTS, GOLD, NSR_TERMS
from maps.products.workbook_rows import Live
from maps.wording import AU_UNIT, SB_UNIT

CHARGES = "{sb_recovery}*({treatment}+{transport}+{penalties})/{concentrate_sb_pct}"


def _gold(grade: str) -> str:
    terms = ",".join(f"{{{name}}}" for name in (*GOLD, grade))
    ounces = f"{{{grade}}}*{{au_recovery}}/{GRAMS_PER_TROY_OUNCE}"
    return f"IF(COUNT({terms})=4,{ounces}*{{au_payability}}*{{au_price}},{{unknown}})"


def _number_of(names: tuple[str, ...]) -> str:
    return f"COUNT({','.join(f'{{{name}}}' for name in names)})={len(names)}"


_MONEY = (*NSR_TERMS, *COSTS, "initial_capital", "discount_rate")
_STATED = f'AND({_number_of(_MONEY)},{{valuation_date}}<>"")'
_CLAIM_FAILS = (
    "AND(ISNUMBER({required_head_grade_sb_pct}),"
    "IF(ISNUMBER({richest}),{richest}<{required_head_grade_sb_pct},TRUE))"
)
#: How many of mining recovery and dilution are stated; none stated counts as none happening.
_FACTORS = "COUNT({mining_recovery_fraction},{dilution_fraction})"
_FULL_RATE_YEARS = (
    "({years}-IF(N({ramp_up_years})>0,MIN({ramp_up_years},{years})"
    "-MIN({ramp_up_years},{years})^2/(2*{ramp_up_years}),0))"
)

A_TONNE: tuple[Live, ...] = (
    Live(
        "bearable",
        "Highest cost the ore could bear",
        "USD/t ore",
        "{head}*{sb_recovery}/100*{sb_payability}*{price}",
        ("head", "sb_recovery", "sb_payability", "price"),
        base_case="bearable_cost_usd_per_t_ore",
    ),
    Live("gold_usd", "Payable gold", "USD/t ore", _gold("head_au")),
    Live(
        "nsr",
        "Net smelter return",
        "USD/t ore",
        f"{{head}}*{{sb_recovery}}/100*{{sb_payability}}*{{price}}-{{head}}*{CHARGES}"
        "+N({gold_usd})",
        ("head", *NSR_TERMS),
        base_case="nsr_usd_per_t_ore",
    ),
    Live(
        "net",
        "Left after royalty",
        "USD/t ore",
        "{nsr}-MAX({nsr},0)*{royalty}",
        ("nsr", "royalty"),
        base_case="net_return_usd_per_t_ore",
    ),
    Live(
        "cost",
        "Costs of a tonne of ore",
        "USD/t ore",
        "{mining}+{processing}+{general}+{sustaining}",
        COSTS,
        base_case="cost_usd_per_t_ore",
    ),
    Live(
        "margin",
        "Paid for a per cent of antimony in the ore",
        "USD/t ore",
        f"{{sb_recovery}}/100*{{sb_payability}}*{{price}}-{CHARGES}",
        NSR_TERMS,
    ),
    Live(
        "break_even",
        "Head grade at which ore pays its way",
        SB_UNIT,
        "IF({cost}/(1-{royalty})-N({gold_usd})>0,IF({margin}>0,"
        "({cost}/(1-{royalty})-N({gold_usd}))/{margin},{unknown}),0)",
        ("cost", "margin", "royalty"),
        base_case="break_even_grade_sb_pct",
    ),
    Live(
        "gold_counted",
        "Gold counted",
        "",
        f"IF({_number_of((*GOLD, 'head_au'))},{{yes}},{{no}})",
        NSR_TERMS,
        base_case="gold_counted",
    ),
)

VALUE: tuple[Live, ...] = (
    Live(
        "milled",
        "Ore that is valued",
        "t",
        f"IF(OR(NOT(ISNUMBER({{ore}})),{_CLAIM_FAILS}),{{unknown}},IF(ISNUMBER({{head}}),{{need}},"
        "IF({ore}>={need},{unknown},{ore})))",
        ("need",),
    ),
    Live(
        "milled_sb",
        "Its grade",
        SB_UNIT,
        "IF(ISNUMBER({head}),{head},{mean})",
        ("milled",),
    ),
    Live(
        "milled_au",
        "Its gold",
        AU_UNIT,
        "IF(ISNUMBER({head}),{head_au},{mean_au})",
        ("milled",),
    ),
    Live("milled_gold_usd", "Its payable gold", "USD/t ore", _gold("milled_au")),
    Live(
        "milled_metal",
        "Its payable metals",
        "USD/t ore",
        "{milled_sb}*{sb_recovery}/100*{sb_payability}*{price}+N({milled_gold_usd})",
        ("milled_sb", *NSR_TERMS),
    ),
    Live(
        "milled_charges",
        "Its treatment, transport and penalties",
        "USD/t ore",
        f"{{milled_sb}}*{CHARGES}",
        ("milled_sb", *NSR_TERMS),
    ),
    Live(
        "milled_royalty",
        "Its royalty",
        "USD/t ore",
        "MAX({milled_metal}-{milled_charges},0)*{royalty}",
        ("milled_metal", "milled_charges"),
    ),
    Live(
        "valued",
        "Ore in the cash flow",
        "t",
        f"IF(AND({_STATED},N({{milled}})>0,N({{milled}})<=N({{rate}})*{_FULL_RATE_YEARS}"
        "*(1+1E-9)),{milled},{unknown})",
    ),
    Live(
        "npv",
        "Net present value",
        "million USD",
        "SUM({flow_present_value})",
        ("valued",),
        base_case="npv_usd",
    ),
    Live(
        "irr",
        "Internal rate of return",
        "%",
        "IF(AND({initial_capital}>0,SUM({flow_cash})+{initial_capital}>0),"
        "IFERROR((1+IRR({half_years},{guess}))^2-1,{unknown}),{unknown})",
        ("valued",),
        base_case="irr_fraction",
    ),
    Live(
        "payback",
        "Payback of initial capital",
        "yr",
        'IF(AND({initial_capital}>0,{flow_last}>=0),COUNTIF({flow_sum},"<0")-1-'
        'INDEX({flow_sum},COUNTIF({flow_sum},"<0"))/INDEX({flow_cash},'
        'COUNTIF({flow_sum},"<0")+1),{unknown})',
        ("valued",),
        base_case="payback_years",
    ),
    Live(
        "counted",
        "How the ore of it is counted",
        "",
        f"IF({_FACTORS}=2,{{said_mined}},IF({_FACTORS}=0,{{said_situ}},"
        "IF(ISNUMBER({dilution_fraction}),{said_no_loss},{said_no_dilution})))",
        of_ore=True,
    ),
    Live(
        "shown",
        "Name in the chart of value",
        "",
        f'IF(AND({_FACTORS}<2,ISNUMBER({{npv}})),{{name}}&" ("&{{said_no_plan}}&")",{{name}})',
        otherwise="{name}",
    ),
    Live(
        "basis",
        "What is valued",
        "",
        f"IF(NOT({_STATED}),{{said_terms}},IF(NOT(ISNUMBER({{ore}})),{{said_ore}},"
        "IF(NOT(ISNUMBER({need})),{said_plan},"
        f"IF({_CLAIM_FAILS},{{said_claim}},IF(AND(N({{milled}})>0,NOT(ISNUMBER({{valued}}))),"
        "{said_long},IF(ISNUMBER({head}),{said_feed},IF(ISNUMBER({milled}),{said_all},{said_law}"
        ")))))))",
        base_case="value_basis",
        otherwise="{said_limits}",
    ),
)

#: Sentences of the last row, by name; the same as in ``base_case.value_basis``.
SAID = {
    "said_terms": "no value: terms are not stated",
    "said_ore": "no value: the ore is not known",
    "said_claim": "no value: the ore of the claimed grade is not there",
    "said_plan": "no value: rate, horizon or ramp-up is not known",
    "said_limits": "no value: an input is not right",
    "said_long": "no value: it lasts longer than the years laid out here",
    "said_feed": "the plan's feed over its horizon",
    "said_all": "all the ore there is, at its mean grade",
    "said_law": "no value: no grade law of the ore is stated",
    "said_mined": "run of mine, after loss and dilution",
    "said_situ": "in situ, no loss and no dilution stated: not a plan",
    "said_no_loss": "no mining loss stated: not a plan",
    "said_no_dilution": "no dilution stated: not a plan",
    "said_no_plan": "in situ, not a plan",
    "said_right": "all within their limits",
    "said_wrong": " not right: see the marked cells",
    "yes": "yes",
    "no": "no",
}
