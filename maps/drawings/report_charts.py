"""What moves the answer most: what does that look like?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.curves import ticks
from maps.drawings.plan_axes import drawing, key, told, words
from maps.languages import Translate
from maps.wording import number, words_for

Row = Mapping[str, Any]

#: Inputs of a study by the end of their key, as a reader calls them.
INPUTS = {
    "head_grade_sb_pct": "Head grade, % Sb",
    "throughput_t_per_year": "Throughput, t/yr",
    "sb_recovery_fraction": "Antimony recovery, fraction",
    "au_recovery_fraction": "Gold recovery, fraction",
    "sb_price.usd_per_t": "Antimony price, USD/t",
    "au_price.usd_per_oz": "Gold price, USD/troy oz",
    "sb_payability_fraction": "Antimony paid for, fraction",
    "discount_rate_fraction": "Discount rate, fraction a year",
    "mining_cost_usd_per_t_ore": "Mining cost, USD/t of ore",
    "processing_cost_usd_per_t_ore": "Processing cost, USD/t of ore",
    "general_cost_usd_per_t_ore": "General cost, USD/t of ore",
    "sustaining_capital_usd_per_t_ore": "Sustaining capital, USD/t of ore",
    "initial_capital_usd": "Initial capital, USD",
    "royalty_fraction_of_nsr": "Royalty, fraction of NSR",
    "concentrate_sb_pct": "Grade of the concentrate, % Sb",
    "transport_usd_per_t_concentrate": "Transport, USD/t of concentrate",
    "treatment_charge_usd_per_t_concentrate": "Treatment charge, USD/t of concentrate",
    "penalties_usd_per_t_concentrate": "Penalties, USD/t of concentrate",
    "mining_recovery_fraction": "Mining recovery, fraction",
    "horizon_years": "Horizon, years",
    "ramp_up_years": "Ramp-up, years",
    "dilution_fraction": "Dilution, fraction",
}

WIDE, LEFT, RIGHT, LANE = 480.0, 216.0, 470.0, 19.0


def input_name(name: str) -> str:
    """Return what an input of a study is called.

    Examples
    --------
    >>> input_name("economics.sb_price.usd_per_t"), input_name("plan.ramp_up_years")
    ('Antimony price, USD/t', 'Ramp-up, years')
    """
    for ending, said in INPUTS.items():
        if name.endswith(ending):
            return said
    return ", ".join(part for part in words_for(name.rpartition(".")[2]) if part)


def scaled(bars: Sequence[Row]) -> tuple[float, str]:
    """Return by what the output of a tornado is multiplied, and its unit then."""
    unit = str(bars[0].get("unit") or "")
    return (1e-6, "million USD") if unit == "USD" else (1.0, unit)


def tornado(bars: Sequence[Row], say: Translate) -> str:
    """Draw a tornado: an input a line, the widest swing on top.

    Parameters
    ----------
    bars : sequence of mapping
        Rows of ``summary.tornado`` of one scenario.
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    str
        An ``<svg>`` element, "" where no bar is known at both ends.
    """
    known = [b for b in bars if all(b.get(k) is not None for k in ("low", "base", "high"))]
    if not known:
        return ""
    known.sort(key=lambda b: -abs(float(b["high"]) - float(b["low"])))
    scale, unit = scaled(known)
    ends = [float(b[k]) * scale for b in known for k in ("low", "high", "base")]
    low, high = min(ends), max(ends)
    spare = 0.04 * ((high - low) or abs(high) or 1.0)
    low, high = low - spare, high + spare

    def at(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * (value - low) / (high - low)

    top, foot = 36.0, 36.0 + LANE * len(known)
    title = f"{say(str(known[0].get('output') or '').capitalize())}, {say(unit)}"
    parts = [words(4.0, 12.0, title, "t")]
    for value in ticks(low, high):
        parts.append(f'<path class="g" d="M{at(value):.1f} {top:.1f}V{foot + 4:.1f}"/>')
        parts.append(words(at(value), foot + 17.0, f"{value:,.6g}", "m"))
    for i, bar in enumerate(known):
        parts += _bar(bar, top + LANE * i, (at, scale), say)
    if low < 0.0 < high:
        dash = f'stroke="{palettes.GREY}" stroke-dasharray="3 3"'
        parts.append(f'<path d="M{at(0.0):.1f} {top:.1f}V{foot + 4:.1f}" {dash}/>')
    middle = float(known[0]["base"]) * scale
    base = at(middle)
    parts.append(f'<path d="M{base:.1f} {top - 4:.1f}V{foot:.1f}" stroke="{palettes.INK}"/>')
    parts.append(words(base, top - 7.0, f"{say('base')} {number(middle, 3)}", "m"))
    parts += key(LEFT, foot + 36.0, palettes.SKY, say("input at its low end"))
    parts += key(LEFT + 140.0, foot + 36.0, palettes.VERMILLION, say("input at its high end"))
    return _widened(drawing(parts, foot + 44.0, title, "curve wide"))


def _bar(bar: Row, y: float, placed: tuple[Any, float], say: Translate) -> list[str]:
    """Draw one input: to its low end and to its high end, from the base."""
    at, scale = placed
    base, name = at(float(bar["base"]) * scale), say(input_name(str(bar["input"])))
    parts = [words(LEFT - 6.0, y + 12.5, name, "e")]
    for end, colour in (("low", palettes.SKY), ("high", palettes.VERMILLION)):
        x = at(float(bar[end]) * scale)
        said = f"{name} {bar.get(f'{end}_label')}: {number(float(bar[end]) * scale, 3)}"
        parts.append(
            f'<rect x="{min(x, base):.1f}" y="{y + 3:.1f}" width="{abs(x - base):.1f}" '
            f'height="{LANE - 6:.1f}" fill="{colour}">{told(said)}</rect>'
        )
    return parts


def _widened(svg: str) -> str:
    """Give a drawing the room that names of inputs need."""
    width = svg.split('viewBox="0 0 ', 1)[1].split(" ", 1)[0]
    changed = svg.replace(f'viewBox="0 0 {width} ', f'viewBox="0 0 {WIDE:g} ', 1)
    return changed.replace(f'width="{width}"', f'width="{WIDE:g}"', 1)


def shortened(words_: str, most: int = 74) -> str:
    """Cut a long name at a word.

    Examples
    --------
    >>> shortened("a long name", 8), shortened("short")
    ('a long …', 'short')
    """
    if len(words_) <= most:
        return words_
    return words_[: most - 1].rsplit(" ", 1)[0] + " …"
