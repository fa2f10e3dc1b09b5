"""What does a study answer on one page: does the plan hold, and what would change that?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.drilling import front as drillhole_front
from maps.drawings.drilling import is_drilled
from maps.drawings.headline import known, plan_sentence
from maps.drawings.mine_panel import front as mine_front
from maps.drawings.mine_parts import count, has_mine, rows_in
from maps.drawings.plan_panel import plan_of
from maps.drawings.report_charts import input_name, scaled
from maps.drawings.report_parts import inner, items, paragraph
from maps.drawings.results import claimed_verdict
from maps.drawings.tables import Html, badge, binding_title, text
from maps.languages import Translate
from maps.mine_words import money
from maps.wording import VERDICTS, Word, central, number, share, texts

Row = Mapping[str, Any]

#: Cases and reliefs that have room on the first page.
MOST_LINES = 4


def answer(summary: Row, say: Translate) -> list[object]:
    """Lay out the page that comes first.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``; any part of it may be missing.
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    list
        Question, verdicts with what decides them, what the ground and the mine hold.
    """
    study = summary.get("study") or {}
    found = [v for v in (claimed_verdict(summary), summary.get("verdict")) if v]
    plan = plan_of(summary)
    if plan.get("verdict"):
        found.append(plan["verdict"])
    cards = "".join(_card(summary, verdict, say) for verdict in found)
    body: list[object] = [paragraph(study.get("question"), "question")]
    if cards:
        body.append(Html(f'<div class="verdicts">{cards}</div>'))
    else:
        body.append(paragraph(say("No plan is stated, so none is tested."), "absent"))
    ground = drillhole_front(summary) if is_drilled(summary) else known(summary)
    body.append(Html(f'<div class="held">{inner(ground)}{_mine(summary)}</div>'))
    return body


def _mine(summary: Row) -> Html:
    """Keep the table of the mine; its sentences stand in their chapter."""
    if not has_mine(summary):
        return Html("")
    laid = inner(mine_front(summary))
    end = laid.find("</table></div>")
    return Html(f"{laid[:end]}</table></div></div>" if end >= 0 else laid)


def _card(summary: Row, verdict: Row, say: Translate) -> Html:
    """Lay out one verdict: sign and word, sentence, then what decides and what would change it."""
    word = VERDICTS.get(verdict.get("holds"), VERDICTS[None])
    reading = str(verdict.get("reading") or "the plan")
    lines = [
        ("Share of draws", _share(verdict, say)),
        ("Binding test", _binding(summary, verdict, say)),
        ("What is missing", _missing(summary, verdict, say)),
        ("What is assumed", _assumed(summary, verdict, say)),
        ("What would change it", items(_changes(summary, verdict, say), "plain")),
    ]
    told = "".join(
        f"<dt>{text(say(name))}</dt><dd>{text(value)}</dd>" for name, value in lines if value
    )
    said = Word(say(word.text), word.sign, word.colour)
    sentence = str(verdict.get("sentence") or plan_sentence(verdict)).removeprefix("SYNTHETIC: ")
    return Html(
        f'<section class="verdict" style="--c:{word.colour}">'
        f"<h3>{text(_first(say(reading)))}: {badge(said)}</h3>"
        f"<p>{text(say(sentence))}</p><dl>{told}</dl></section>"
    )


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


def _share(verdict: Row, say: Translate) -> str:
    """Say in how many draws the plan holds, or why no share is shown."""
    found = verdict.get("share_of_draws")
    if found is not None:
        return f"{say('holds')} {share(found)} {say('of draws under the stated assumptions')}"
    if verdict.get("holds") is False:
        return say("none shown: it is a matter of arithmetic, not of chance")
    if verdict.get("missing"):
        return say("none: what is missing cannot be drawn")
    return say("none: one plan of one estimate, not drawn")


def _gates(verdict: Row) -> list[Row]:
    return [t for t in verdict.get("tests") or [] if t.get("role") == "gate"]


def _title(test: Row) -> str:
    return str(test.get("title") or str(test.get("name") or "").replace("_", " "))


def _amount(value: Any, unit: Any) -> str:
    found = central(value) if isinstance(value, Mapping) else value
    if unit == "USD" and found is not None:
        return money(float(found))
    return f"{number(found, 3)} {unit or ''}".strip()


def _finds(test: Row, say: Translate) -> str:
    """Say what a test finds and what it needs."""
    needs = {">=": "needs at least", "<=": "needs at most"}.get(str(test.get("sense")), "needs")
    found, limit = (say(_amount(test.get(key), test.get("unit"))) for key in ("value", "limit"))
    return f"{found}; {say(needs)} {limit}"


def _binding(summary: Row, verdict: Row, say: Translate) -> Html:
    """Name the test that decides, or what comes nearest to deciding."""
    name = verdict.get("binding")
    if name:
        test = next((t for t in _gates(verdict) if t.get("name") == name), {})
        found = f": {_finds(test, say)}" if test else ""
        year = verdict.get("first_failing_year")
        ends = f" {say('It fails first in year')} {count(year)}." if year is not None else ""
        return Html(f"<b>{text(say(binding_title(verdict)))}</b>{text(found)}.{text(ends)}")
    undecided = [say(_title(t)) for t in _gates(verdict) if t.get("passes") is None]
    if undecided:
        return Html(f"{text(say('none fails; undecided:'))} {text('; '.join(undecided))}")
    back = rows_in(plan_of(summary), "bottlenecks")
    held = str(back[0].get("called") or back[0].get("resource")) if back else ""
    none = text(say("none fails"))
    return (
        Html(f"{none}; {text(say('what holds it back most:'))} {text(say(held))}") if held else none
    )


def _missing(summary: Row, verdict: Row, say: Translate) -> Html:
    """Name what the study would have to state, by words and key, under the tests that need it."""
    lines = []
    for test in _gates(verdict):
        codes = _keys(summary, texts(test.get("missing")), say)
        if codes:
            lines.append(Html(f"{text(say(_title(test)))}: {codes}"))
    if not lines:
        codes = _keys(summary, texts(verdict.get("missing")), say)
        return codes or text(say("nothing"))
    return items(lines, "plain")


def _assumed(summary: Row, verdict: Row, say: Translate) -> Html:
    """Tell each assumption under the verdict with its value and its reason."""
    cases = [c for c in summary.get("scenarios") or [] if c.get("verdict") == verdict]
    inputs = (cases[0].get("workings") or {}).get("inputs") or {} if cases else {}
    by_key = {str(each.get("key")): each for each in inputs.values()}
    lines = [
        f"{say(input_name(key))}: {found['value']:g} ({found['source']})"
        for key in texts(verdict.get("conditional_on"))
        if (found := by_key.get(key)) is not None and found.get("value") is not None
    ]
    return items(lines, "plain") if lines else Html("")


def _keys(summary: Row, missing: Sequence[str], say: Translate) -> Html:
    """Write keys of a study as what they stand for, the key itself in small."""
    named = (
        f"{text(_stands_for(summary, key, say))} <small><code>{text(key)}</code></small>"
        for key in missing
    )
    return Html("; ".join(named))


def _stands_for(summary: Row, key: str, say: Translate) -> str:
    """Say what a key of a study stands for, and of a statement of which field it is."""
    label = say(input_name(key.rpartition(":")[2].strip()))
    named = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    statement = key.rpartition(":")[2].strip().partition(".")[0]
    for field in summary.get("fields") or []:
        if any(str(s.get("id")) == statement for s in field.get("statements") or []):
            return f"{field.get('name') or field.get('id')}: {named}"
    return named


def _changes(summary: Row, verdict: Row, say: Translate) -> list[object]:
    """Collect what would turn the verdict or move the figures behind it."""
    lines: list[object] = [
        f"{say(_title(t))}: {_finds(t, say)}" for t in _gates(verdict) if t.get("passes") is False
    ]
    if lines:
        lines.append(say("Stating what is missing does not turn it while a test fails."))
    elif any(t.get("passes") is None for t in _gates(verdict)):
        lines.append(say("Stating what is missing: it can turn the answer either way."))
    lines += _other_horizons(summary, verdict, say)
    if verdict is plan_of(summary).get("verdict"):
        return [*lines, *_reliefs(plan_of(summary), say)]
    if verdict is summary.get("verdict"):
        lines += _other_cases(summary, verdict, say)
        lines += _strongest(summary, say)
    return lines


def _other_horizons(summary: Row, verdict: Row, say: Translate) -> list[str]:
    """Name the horizons over which the same reading has another verdict."""
    reading, years = str(verdict.get("reading")), verdict.get("horizon_years")
    found = []
    for row in summary.get("horizons") or []:
        own = (row.get("readings") or {}).get(reading)
        if own is not None and own.get("holds") is not verdict.get("holds"):
            word = VERDICTS.get(own.get("holds"), VERDICTS[None])
            over = say(f"Over {row['horizon_years']:g} years instead of {years:g}")
            found.append(f"{over}: {say(word.text)}")
    return found


def _other_cases(summary: Row, verdict: Row, say: Translate) -> list[str]:
    """Name the cases of the same reading whose verdict is another."""
    mine, reading = verdict.get("holds"), verdict.get("reading")
    found = []
    for case in summary.get("scenarios") or []:
        own = case.get("verdict") or {}
        if own.get("reading") == reading and own.get("holds") is not mine:
            word = VERDICTS.get(own.get("holds"), VERDICTS[None])
            found.append(f"{case.get('title') or case.get('name')}: {say(word.text)}")
    return found[:MOST_LINES]


def _strongest(summary: Row, say: Translate) -> list[str]:
    """Name the input that moves the first case's output most."""
    bars: Sequence[Row] = summary.get("tornado") or []
    own = [b for b in bars if b.get("scenario") == bars[0].get("scenario")]
    known_ = [b for b in own if b.get("low") is not None and b.get("high") is not None]
    if not known_:
        return []
    top = max(known_, key=lambda b: abs(float(b["high"]) - float(b["low"])))
    scale, unit = scaled([top])
    ends = " to ".join(number(float(top[k]) * scale, 3) for k in ("low", "high"))
    between = say(f"{top['low_label']} to {top['high_label']}")
    moved = f"{say(input_name(str(top['input'])))} {between}"
    moves = f"{say(str(top['output']))} {say(ends)} {say(unit)}"
    return [f"{say('Moves most:')} {moved} → {moves}"]


def _reliefs(plan: Row, say: Translate) -> list[str]:
    """Name what would add most to worth and to rate, at most."""
    rows = [r for r in plan.get("relief") or [] if (r.get("gain_usd") or 0.0) > 0.0]
    rows.sort(key=lambda r: -float(r["gain_usd"]))
    found = []
    for row in rows[: MOST_LINES - 1]:
        rate = float(row.get("rate_gain_t_per_year") or 0.0)
        more = f", {say(f'{rate:+,.0f} t/yr')}" if rate >= 1.0 else ""
        gain = say(f"+{money(float(row['gain_usd']))}")
        found.append(f"{say(str(row.get('what')))}: {say('at most')} {gain}{more}")
    return found
