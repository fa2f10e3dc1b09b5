"""What does a reader of a mine's plan see beside the map: does it hold, what is it worth, when?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.mine_parts import count, kept_together, per_cent, tonnage
from maps.drawings.plan_benches import benches
from maps.drawings.plan_figures import cash, feed
from maps.drawings.plan_gantt import gantt
from maps.drawings.plan_limits import limits
from maps.drawings.plan_tables import (
    by_year,
    costs,
    cutoffs,
    limits_by_worth,
    months,
    policies,
    reliefs,
    scenarios,
)
from maps.drawings.tables import Html, badge, fold, table, text, verdict_tests
from maps.mine_words import money
from maps.wording import VERDICTS, share, texts

Row = Mapping[str, Any]

#: A gap below this is what rounding leaves.
PROVEN = 1e-9
#: What is planned.
OF = {"stopes": "stopes under ground", "pit": "the open pit"}


def plan_of(summary: Row) -> Row:
    """Return the plan of a mine, {} where a study has none."""
    found = summary.get("plan")
    return found if isinstance(found, Mapping) else {}


def front(summary: Row) -> Html:
    """Lay out whether the plan holds, what it is worth and how proven.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``; without ``plan`` there is nothing to say.

    Returns
    -------
    Html
        A card, "" without a plan.
    """
    plan = plan_of(summary)
    if not plan:
        return Html("")
    verdict = plan.get("verdict") or {}
    parts = [f"<h2>Plan of {text(OF.get(str(plan.get('of')), 'the mine'))}</h2>"]
    if verdict:
        word = VERDICTS.get(verdict.get("holds"), VERDICTS[None])
        # The badge says the verdict; the sentence need not say it again.
        said_once = _sentence(verdict.get("sentence")).replace(f": {word.text}.", ".", 1)
        parts.append(f"<p>{badge(word)} {text(said_once)}</p>")
    parts.append(table(("Of the plan", ""), _facts(plan), "Certificate"))
    said = [line for line in texts(plan.get("words")) if line != verdict.get("sentence")]
    items = "".join(f"<li>{text(_sentence(line))}</li>" for line in said)
    remarks = Html(f'<ul class="remarks">{items}</ul>') if items else None
    parts.append(fold("In sentences", remarks))
    for line in texts(plan.get("check")):
        parts.append(f'<p class="warning">An independent check found: {text(line)}</p>')
    return Html(f'<section class="known">{"".join(parts)}</section>')


def _sentence(said: Any) -> str:
    """Leave out the mark that the banner over the page already bears."""
    return str(said or "").removeprefix("SYNTHETIC: ")


def _facts(plan: Row) -> list[list[object]]:
    """Return the lines of the certificate."""
    value, bound, gap = plan.get("npv_usd"), plan.get("bound_usd"), plan.get("gap")
    rate = plan.get("discount_rate")
    at = f"at {share(rate)} a year, {_words(plan.get('discounting'))}" if rate is not None else ""
    lines: list[list[object]] = [
        ["Net present value", Html(f"{text(money(value))}<small>{text(at)}</small>")],
        ["No plan is worth more than", money(bound)],
        ["Unproven between them", _gap(gap)],
    ]
    held = plan.get("rate") or {}
    if held.get("achieved_t_per_year") is not None:
        ends = count(held.get("first_year")), count(held.get("last_year"))
        years = f"lowest feed of years {ends[0]} to {ends[1]}"
        kept = kept_together(f"{held['achieved_t_per_year']:,.0f} t a year")
        lines.append([Html(f"Rate that is held<small>{text(years)}</small>"), kept])
        most = held.get("impossible_above_t_per_year")
        lines.append(["Proven impossible above", None if most is None else f"{most:,.0f} t a year"])
    fed = [row for row in plan.get("years") or [] if row.get("feed_t")]
    if fed:
        ore = sum(float(row["feed_t"]) for row in fed)
        lines.append(["Ore through the plant", f"{tonnage({'ore_t': ore})} in {len(fed)} years"])
    return lines


def _words(name: Any) -> str:
    return str(name or "").replace("_", " ")


def _gap(gap: Any) -> str | None:
    if gap is None:
        return None
    return "nothing: they are equal" if float(gap) <= PROVEN else per_cent(float(gap))


def sections(summary: Row) -> list[tuple[str, Html]]:
    """Return what backs the plan, title by title; [] without a plan.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    list of (str, Html)
        Years, stopes or benches in time, limits, comparisons, tests.
    """
    plan = plan_of(summary)
    if not plan:
        return []
    in_time = benches(plan) if plan.get("of") == "pit" else gantt(summary)
    named = "Benches" if plan.get("of") == "pit" else "Stopes"
    cases = plan.get("scenarios") or []
    found = [
        ("Plan, year by year", _years(plan)),
        (f"{named} of the plan in time", in_time),
        ("What holds the plan back, and what would help", _held_back(plan)),
        ("Other ways of choosing, and cut-offs", Html(f"{policies(plan)}{cutoffs(plan)}")),
        (f"Scenarios of the plan ({len(cases)})", scenarios(cases)),
        ("What is proven of the plan, and what it leaves out", _proof(plan)),
    ]
    return [(title, body) for title, body in found if body]


def _years(plan: Row) -> Html:
    years = _rows(plan, "years")
    drawn = f"{feed(years)}{cash(years)}"
    return Html(f"{drawn}{by_year(years)}{costs(years)}{months(_rows(plan, 'periods'), years)}")


def _held_back(plan: Row) -> Html:
    binding = _rows(plan, "binding")
    drawn = limits(binding)
    said = (
        "Each strip is a limit; the darker, the fuller. A line under it marks when a unit more of "
        "it would be worth something: its shadow price in the relaxed problem is above 0."
    )
    note = f'<p class="note">{text(said)}</p>' if drawn else ""
    return Html(f"{note}{drawn}{limits_by_worth(plan)}{reliefs(plan)}")


def _proof(plan: Row) -> Html:
    lines = [*texts(plan.get("proof")), *texts(plan.get("statement_of_value"))]
    parts = [f"<p>{text(line)}</p>" for line in lines]
    notes = "".join(f"<li>{text(line)}</li>" for line in texts(plan.get("notes")))
    if notes:
        parts.append(f'<ul class="remarks">{notes}</ul>')
    verdict = plan.get("verdict") or {}
    if verdict.get("tests"):
        parts.append(verdict_tests(verdict))
    return Html("".join(parts))


def _rows(plan: Row, key: str) -> Sequence[Row]:
    return [row for row in plan.get(key) or [] if isinstance(row, Mapping)]
