"""What does a report say of the mine: its limits, its schedule, and what moves its worth?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.mine_curves import by_cutoff, by_price, pit_by_pit
from maps.drawings.mine_panel import front as mine_front
from maps.drawings.mine_parts import has_mine, part, rows_in
from maps.drawings.mine_pits import economics, pit_laid_out
from maps.drawings.mine_stopes import sensitivity, stopes_laid_out
from maps.drawings.money import bearable
from maps.drawings.plan_benches import benches
from maps.drawings.plan_figures import cash, feed
from maps.drawings.plan_gantt import gantt
from maps.drawings.plan_limits import limits
from maps.drawings.plan_panel import front as plan_front
from maps.drawings.plan_panel import plan_of
from maps.drawings.plan_tables import (
    by_year,
    costs,
    cutoffs,
    limits_by_worth,
    months,
    policies,
    reliefs,
)
from maps.drawings.plan_tables import scenarios as plan_scenarios
from maps.drawings.report_charts import input_name, scaled, tornado
from maps.drawings.report_frontier import frontier
from maps.drawings.report_parts import (
    beside,
    cut_on_paper,
    figure,
    folded,
    heading,
    inner,
    items,
    pictures,
    whole_on_paper,
    without_pictures,
)
from maps.drawings.results import claimed_verdict
from maps.drawings.tables import Html, answers, horizons, scenarios, table, text, verdict_tests
from maps.drawings.validation import columns
from maps.languages import Translate
from maps.plan_words import DESTINATIONS
from maps.wording import mass, number, texts

Row = Mapping[str, Any]

#: No table of a report leaves rows out on a screen.
ALL = 10**9
#: Parts of a limit below this are what a solver leaves of nothing.
NOISE = 1e-9

SAID = {
    "pit": (
        "Each point is the best pit at a factor on the metal prices. Where ore rises little and "
        "waste much, a larger pit buys little."
    ),
    "ratio": "What a tonne of ore costs in waste, and how rich the ore is, pit by pit.",
    "npv": (
        "Net present value pit by pit, dug shell after shell (best) and bench after bench (worst): "
        "what a design can reach lies between them."
    ),
    "feed": (
        "Bars: a year's ore to the plant; dashed: what it is to have. A bar below it falls short; "
        "years before the ramp-up ends and after the ore ends are no shortfall of the verdict's "
        "years. Below: the grade of the feed."
    ),
    "cash": (
        "Above: cash of each year, before capital and tax. Below: the discounted sum so far; where "
        "it ends is the net present value of the plan."
    ),
    "time": "What is mined when: from the top level down, years from left to right.",
    "limits": (
        "Each strip is a limit; the darker, the fuller. A line under it marks when a unit more of "
        "it would be worth something."
    ),
    "cutoff": "Stopes laid out again for each cut-off: a higher one leaves less and richer ore.",
    "price": "Stopes laid out again for each price: a higher one makes leaner rock into ore.",
    "tornado": (
        "One input moved at a time, the widest swing on top; the line is the base case. What is "
        "short need not be known better, what is long decides."
    ),
    "frontier": (
        "Years that stated or ASSUMED ore would last at each rate: a higher rate means a shorter "
        "life. Where the two lines of the plan cross is what it asks for: cases below that point "
        "do not last. Nothing here is a schedule."
    ),
}


def mine_limits(summary: Row, say: Translate) -> list[object]:
    """Lay out what is mined as stopes and as a pit, how proven, on which figures."""
    if not has_mine(summary):
        return []
    body: list[object] = [inner(mine_front(summary))]
    if part(summary, "stopes"):
        body += [heading(say("Stopes by level and section")), inner(stopes_laid_out(summary))]
    shells = rows_in(part(summary, "pit"), "shells")
    if part(summary, "pit"):
        laid = without_pictures(pit_laid_out(summary))
        body.append(heading(say("Open pit, shell by shell")))
        # Three graphs of one table are one figure: nobody needs the table three times.
        drawn = pictures(pit_by_pit(shells))
        wanted = (
            ("factor", say("Factor")),
            ("ore_t", say("Ore, t")),
            ("waste_t", say("Waste, t")),
            ("sb_pct", say("Grade, % Sb")),
            ("strip_ratio", say("Strip ratio, t/t")),
            ("best_npv_usd", say("Best NPV, USD")),
            ("worst_npv_usd", say("Worst NPV, USD")),
        )
        behind = columns(shells, wanted, say("Nested shells by factor on the metal prices"))
        behind = cut_on_paper(behind, summary, say, "pit_shells.csv")
        said = " ".join(
            say(SAID["npv" if "NPV" in svg else "ratio" if "ratio" in svg else "pit"])
            for svg in drawn
        )
        body.append(beside([figure("".join(drawn), said, behind, say)]))
        laid = cut_on_paper(laid, summary, say, "pit_benches.csv")
        body.append(folded(say("All figures of the open pit"), laid))
    title = say("Prices, costs and cut-offs of the mine")
    # Each figure of this table has its source in it: no row may go on paper.
    return [*body, folded(title, whole_on_paper(economics(summary)))]


def schedule(summary: Row, say: Translate) -> list[object]:
    """Lay out the plan year by year, what is mined when, and what holds it back."""
    plan = plan_of(summary)
    if not plan:
        return []
    years, binding = rows_in(plan, "years"), rows_in(plan, "binding")
    pit = plan.get("of") == "pit"
    in_time = inner(benches(plan) if pit else gantt(summary))
    # All columns of the years are too broad to stand beside a picture.
    few, opens, every = by_year(years).partition("<details")
    figures = [
        figure(feed(years), f"{say(SAID['feed'])} {_before(years, say)}".strip(), Html(few), say),
        figure(cash(years), say(SAID["cash"]), Html(f"{_money(years, say)}{costs(years)}"), say),
        figure(limits(binding), say(SAID["limits"]), _binding(summary, binding, say), say),
    ]
    return [
        inner(plan_front(summary)),
        beside(figures),
        Html(f"{opens}{every}"),
        beside([figure(in_time, say(SAID["time"]), _in_time(summary, plan, say), say)]),
        cut_on_paper(months(rows_in(plan, "periods"), years), summary, say, "plan_periods.csv"),
        limits_by_worth(plan),
        policies(plan),
        cutoffs(plan),
        plan_scenarios(plan.get("scenarios") or []),
    ]


def tests(summary: Row, say: Translate) -> list[object]:
    """Lay out the tests behind every verdict: gates, then what is only context."""
    found = [claimed_verdict(summary), summary.get("verdict"), plan_of(summary).get("verdict")]
    body: list[object] = []
    for verdict in found:
        if verdict and verdict.get("tests"):
            reading = say(str(verdict.get("reading") or "the plan"))
            # The keys it rests on are many; they are folded away where the method is told.
            laid = verdict_tests({**verdict, "conditional_on": []})
            body += [heading(reading[:1].upper() + reading[1:]), laid]
    return body


def _before(years: Sequence[Row], say: Translate) -> str:
    """Tell the years of the ramp-up whose feed is less than the rate that it allows."""
    asked = [float(row.get("target_t") or 0.0) for row in years]
    full = next((n for n, rate in enumerate(asked) if rate > 0.999 * max(asked)), 0)
    short = [
        f"Year {row.get('year')}: {float(row['feed_t']) / 1e3:,.0f} of {rate / 1e3:,.0f} kt."
        for row, rate in zip(years[:full], asked[:full], strict=True)
        if row.get("feed_t") is not None and float(row["feed_t"]) < 0.98 * rate
    ]
    return " ".join(say(one) for one in short)


def _money(years: Sequence[Row], say: Translate) -> Html:
    wanted = (
        ("year", say("Year")),
        ("revenue_usd", say("Revenue, M USD")),
        ("cost_usd", say("Costs, M USD")),
        ("cash_usd", say("Cash, M USD")),
        ("discounted_usd", say("Discounted cash, M USD")),
    )
    amounts = [key for key, _ in wanted[1:]]
    millions = [{"year": row["year"], **{k: row[k] / 1e6 for k in amounts}} for row in years]
    return columns(millions, wanted, say("Cash of each year"))


def _binding(summary: Row, rows: Sequence[Row], say: Translate) -> Html:
    """List limits by period; those of which a unit more is worth most come first."""
    wanted = (
        ("called", say("Limit")),
        ("year", say("Year")),
        ("used", say("Used")),
        ("limit", say("Limit of the period")),
        ("unit", say("Unit")),
        ("full", say("Full, fraction")),
        ("price_usd", say("Worth of a unit more, USD")),
    )
    dearest = sorted((_quiet(row) for row in rows), key=lambda r: -(r.get("price_usd") or 0.0))
    title = say("Limits by period, those first of which a unit more is worth most")
    return cut_on_paper(columns(dearest, wanted, title, most=ALL), summary, say, "plan_limits.csv")


def _quiet(row: Row) -> Row:
    """Write what a solver left of nothing as 0: it is noise beside the limit."""
    used, limit = row.get("used"), row.get("limit")
    if used is None or not limit or abs(float(used)) > NOISE * abs(float(limit)):
        return row
    return {**row, "used": 0.0, "full": 0.0}


def _in_time(summary: Row, plan: Row, say: Translate) -> Html:
    """List stopes, or of a pit the activities, with the dates between which they are mined."""
    rows = rows_in(plan, "stopes")
    if not rows:
        rows = [r for r in rows_in(plan, "activities") if r.get("from_date")]
    rows = sorted(rows, key=lambda r: str(r.get("from_date") or "~"))
    body = [
        {**r, "destination": DESTINATIONS.get(str(r.get("destination")), r.get("destination"))}
        for r in rows
    ]
    wanted = (
        ("stope" if rows and rows[0].get("stope") else "title", say("What is mined")),
        ("level", say("Level")),
        ("from_date", say("Begins")),
        ("to_date", say("Ends")),
        ("ore_t", say("Ore, t")),
        ("sb_pct", say("Grade, % Sb")),
        ("destination", say("Goes to")),
    )
    laid = columns(body, wanted, say("What is mined when"), most=ALL)
    kept = "plan_stopes.csv" if plan.get("stopes") else "plan.csv"
    return cut_on_paper(laid, summary, say, kept)


def sensitivities(summary: Row, say: Translate) -> list[object]:
    """Lay out tornados, the frontier of rate and life, other cut-offs, prices and cases."""
    titles = {
        str(c["name"]): str(c.get("title") or c["name"]) for c in summary.get("scenarios") or []
    }
    bars: Sequence[Row] = summary.get("tornado") or []
    figures = []
    for name in dict.fromkeys(str(bar.get("scenario")) for bar in bars):
        own = [bar for bar in bars if bar.get("scenario") == name]
        caption = f"{titles.get(name, name)}. {say(SAID['tornado'])}"
        figures.append(figure(tornado(own, say), caption, _tornado_table(own, say), say))
    points: Sequence[Row] = summary.get("frontier") or []
    drawn = frontier(points, titles, summary.get("verdict") or {}, say)
    figures.append(figure(drawn, say(SAID["frontier"]), _frontier_table(points, titles, say), say))
    body: list[object] = [beside([f for f in figures if f]), *_other_stopes(summary, say)]
    relief = reliefs(plan_of(summary))
    cases = summary.get("scenarios") or []
    for title, laid in (
        ("If the plan must hold for longer", horizons(summary.get("horizons") or [])),
        ("What would have to be true", answers(summary.get("inverse") or [])),
        ("What a tonne of ore could bear", bearable(summary)),
        (f"Scenarios ({len(cases)})", scenarios(cases)),
        ("What would help the plan", relief),
    ):
        body += [heading(say(title)), laid] if laid else []
    return body


def _other_stopes(summary: Row, say: Translate) -> list[object]:
    """Draw stopes by cut-off and by price."""
    varied = part(summary, "stopes").get("sensitivity") or {}
    cuts, prices = rows_in(varied, "cutoff"), rows_in(varied, "price")
    if not cuts and not prices:
        return []
    shared = (
        ("stopes", say("Stopes")),
        ("ore_t", say("Ore, t")),
        ("sb_pct", say("Grade, % Sb")),
        ("value_usd", say("Value, USD")),
    )
    first = (("cutoff_sb_pct", say("Cut-off, % Sb")), *shared)
    second = (("sb_price_usd_per_t", say("Antimony price, USD/t")), *shared)
    if all(row.get("sb_price_usd_per_t") is None for row in prices):
        second = (("factor", say("Factor")), *shared)
    figures = [
        figure(by_cutoff(cuts), say(SAID["cutoff"]), columns(cuts, first), say),
        figure(by_price(prices), say(SAID["price"]), columns(prices, second), say),
    ]
    title = say("Figures of the stopes at other cut-offs and prices")
    return [beside(figures), folded(title, without_pictures(sensitivity(summary)))]


def _tornado_table(bars: Sequence[Row], say: Translate) -> Html:
    scale, unit = scaled(bars)

    def written(value: Any) -> str:
        return number(None if value is None else float(value) * scale, 3)

    body: list[list[object]] = [
        [
            say(input_name(str(bar.get("input")))),
            f"{bar.get('low_label')} – {bar.get('high_label')}",
            *(written(bar.get(key)) for key in ("low", "base", "high")),
        ]
        for bar in bars
    ]
    heads = [say(h) for h in ("Input", "Moved from, to", "At the low end", "Base")]
    title = f"{say(str(bars[0].get('output') or ''))}, {say(unit)}"
    return table([*heads, say("At the high end")], body, title)


def _frontier_table(points: Sequence[Row], titles: Mapping[str, str], say: Translate) -> Html:
    """Lay out years by case and rate; of a size and rate that seldom meet it says so."""
    rates = sorted({float(p["rate_t_per_year"]) for p in points if p.get("rate_t_per_year")})
    cases = dict.fromkeys(str(p.get("scenario")) for p in points)
    body: list[list[object]] = []
    for case in cases:
        own = [p for p in points if str(p.get("scenario")) == case]
        at = {float(p["rate_t_per_year"]): p for p in own if p.get("rate_t_per_year")}
        ore = own[0].get("ore_t")
        named = Html(f"{text(titles.get(case, case))}<small>{text(mass(ore))}</small>")
        body.append([named, *(_lasts(at.get(rate), say) for rate in rates)])
    heads = (say("Case, ore"), *(say(mass(rate, figures=3)) for rate in rates))
    title = "Years by rate, t of ore a year; unusual: for this size, by rule of thumb"
    return Html(f'<div class="broad">{table(heads, body, say(title))}</div>')


def _lasts(point: Row | None, say: Translate) -> Html | str:
    if point is None or point.get("life_years") is None:
        return "–"
    said = "unusual" if point.get("usual") is False else ""
    return Html(f"{text(number(point['life_years']))}<small>{text(say(said))}</small>")


def proof(summary: Row, say: Translate) -> list[object]:
    """Say what is proven of the plan and of what it leaves out."""
    plan = plan_of(summary)
    lines = [*texts(plan.get("proof")), *texts(plan.get("statement_of_value"))]
    lines += texts(plan.get("notes"))
    return [heading(say("What is proven of the plan")), items(lines)] if lines else []
