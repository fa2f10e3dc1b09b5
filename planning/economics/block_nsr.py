"""What is a tonne of each block worth at the mine's gate?

The return is worked out block by block, each at its own head grade on the recovery curve: the block
is the unit of selection, and the sum of tonnes x return over the blocks of a pit or a stope is
additive, which the optimisers of mine limits need. A plant that sees a blend recovers at the grade
of the blend; where recovery bends, the two differ. `blend` makes the head grades of a mixture,
and the same `block_return` of it says what the mixture is paid: the gap is the error of adding.

A concentrate above a buyer's limit is not sold, but no block is smelted alone: what counts is the
mixture of a parcel. So a block that exceeds a limit by itself is flagged (`BlockReturn.rejected`)
and keeps its return less penalties; nothing is silently set to 0. Ask the question of the blend,
over the tonnes that will really be mixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from deposits.stated import Kind, softest
from deposits.tables import did_you_mean
from deposits.units import GRAMS_PER_TROY_OUNCE, STIBNITE_SB_PCT
from planning.economics.block_config import PER_CENT, unit_of
from planning.economics.block_nouns import BlockTerms, Penalty
from planning.economics.nsr import known
from planning.economics.recovery import Curve

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Blocks worked on at once: the parts of so many stay in the processor's cache.
CHUNK = 65_536
#: Parts of a return, each [USD/t of ore].
PARTS = (
    "antimony_usd_per_t",
    "gold_usd_per_t",
    "charges_usd_per_t",
    "penalties_usd_per_t",
    "royalty_usd_per_t",
    "nsr_usd_per_t",
)


@dataclass(frozen=True, slots=True, eq=False)
class BlockReturn:
    """What is paid for each block, and of what it is made; NaN is not estimated.

    Parameters
    ----------
    antimony_usd_per_t, gold_usd_per_t : ndarray of float, shape (n,)
        Payable metal [USD/t of ore]; gold is 0 where it is not counted, and `note` says so.
    charges_usd_per_t : ndarray of float, shape (n,)
        Treatment, refining and transport [USD/t of ore].
    penalties_usd_per_t : ndarray of float, shape (n,)
        [USD/t of ore]
    royalty_usd_per_t : ndarray of float, shape (n,)
        Part of a positive return [USD/t of ore].
    nsr_usd_per_t : ndarray of float, shape (n,)
        Antimony + gold - charges - penalties - royalty [USD/t of ore].
    mass_pull : ndarray of float, shape (n,)
        Dry concentrate per tonne of ore [t/t].
    concentrate_sb_pct : ndarray of float, shape (n,)
        Grade of its concentrate [% Sb].
    contents_pct : mapping of str to ndarray of float, shape (n,)
        Content of its concentrate by penalised element [% by mass]; NaN without concentrate.
    rejected : mapping of str to ndarray of bool, shape (n,)
        Whether its concentrate, sold unmixed, would exceed the buyer's limit, by element.
    kind : {"derived", "assumed"}
        As soft as the softest input.
    conditional_on, gold_missing : tuple of str
        Keys of the assumed inputs, and of those that keep gold out.
    """

    antimony_usd_per_t: FloatArray
    gold_usd_per_t: FloatArray
    charges_usd_per_t: FloatArray
    penalties_usd_per_t: FloatArray
    royalty_usd_per_t: FloatArray
    nsr_usd_per_t: FloatArray
    mass_pull: FloatArray
    concentrate_sb_pct: FloatArray
    contents_pct: Mapping[str, FloatArray]
    rejected: Mapping[str, BoolArray]
    kind: Kind
    conditional_on: tuple[str, ...]
    gold_missing: tuple[str, ...]

    @property
    def note(self) -> str:
        """Whether gold is in the figures."""
        if not self.gold_missing:
            return ""
        return "gold not counted; missing: " + ", ".join(self.gold_missing)

    def facts(self) -> list[Fact]:
        """Return the plain means over the blocks, not weighted by tonnes."""
        values = self.nsr_usd_per_t
        valued = int(np.count_nonzero(~np.isnan(values)))
        refused = [
            Fact(f"blocks whose own concentrate exceeds the limit of {element}", int(flags.sum()))
            for element, flags in self.rejected.items()
        ]
        return [
            Fact("blocks", values.size),
            Fact("blocks with a return", valued),
            Fact("mean net smelter return", _mean(values), "USD/t of ore"),
            Fact("of it antimony", _mean(self.antimony_usd_per_t), "USD/t of ore"),
            Fact("of it gold", "not counted" if self.note else _mean(self.gold_usd_per_t)),
            *refused,
        ]

    def __str__(self) -> str:
        """Plain text."""
        return as_text("Net smelter return by block", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Net smelter return by block", self.facts())


def block_return(grades: Mapping[str, ArrayLike], terms: BlockTerms) -> BlockReturn:
    """Work out what is paid for each block.

    Parameters
    ----------
    grades : mapping of str to array_like of float, shape (n,)
        Grades by field of the blocks (``terms.grade_fields``), each in the unit its name ends
        with; NaN is not estimated. Other fields may stand beside them.
    terms : BlockTerms
        Prices, metallurgy, selling terms.

    Returns
    -------
    BlockReturn
        NaN where a grade it needs is NaN.

    Raises
    ------
    DataError
        If an input is not stated, a field is missing or a grade cannot be right; all at once.

    Notes
    -----
    Per tonne of ore at head grade g [fraction], recovery R(g), concentrate grade c(g): mass pull
    w = g R / c; antimony g R p P, with payability p and price P; gold a R_au / 31.1034768 p_au
    P_au; charges w (treatment + transport / (1 - moisture)) + g R p x refining + ounces x gold
    refining; penalty of an element with content e R_e / w of the concentrate
    w max(content - free, 0) / step x rate. Royalty is a part of a positive return.

    Ore so rich that w would exceed 1 leaves as it is: c is then g R. An element fills at most
    what stibnite leaves of the concentrate (100 - c / 0.717 %), so that a penalty goes to 0 with
    the antimony and not to a charge on no concentrate.

    Examples
    --------
    A tonne at 2 % Sb, R = 0.85, c = 50 %, P = 25,000 USD/t, p = 0.7; Hg 0.02 % with half of it in
    the concentrate, 3 USD for each 0.01 % above 0.1 %. w = 0.02 x 0.85 / 0.5 = 0.034; antimony
    0.017 x 0.7 x 25,000 = 297.50; treatment 100 and transport 90 / 0.9 are 200 a tonne, 6.80; Hg
    in the concentrate is 0.02 x 0.5 / 0.034 = 0.294 %, 19.41 steps, 0.034 x 58.24 = 1.98; royalty
    5 % of 288.72 is 14.44; left 274.28.

    >>> from planning.economics.nsr import Terms
    >>> from planning.economics.recovery import Curve
    >>> base = Terms(sb_price=25_000.0, sb_payability=0.7, treatment=100.0, transport=90.0,
    ...              royalty=0.05)
    >>> terms = BlockTerms(
    ...     base, {"sb": "sb_pct", "hg": "hg_pct"}, sb_recovery=Curve.constant(0.85),
    ...     concentrate=Curve.constant(50.0), moisture=0.1, sb_refining=0.0,
    ...     penalties=(Penalty("hg", "hg_pct", 0.5, 0.1, 0.01, 3.0, 0.25),),
    ...     needed={"gold": ("economics.au_price",)})
    >>> paid = block_return({"sb_pct": [2.0], "hg_pct": [0.02]}, terms)
    >>> [round(float(getattr(paid, part)[0]), 2) for part in PARTS]
    [297.5, 0.0, 6.8, 1.98, 14.44, 274.28]
    >>> bool(paid.rejected["hg"][0]), paid.note
    (True, 'gold not counted; missing: economics.au_price')
    """
    fields = _checked(grades, terms)
    n = fields[terms.fields["sb"]].size
    parts = {name: np.empty(n) for name in (*PARTS, "mass_pull", "concentrate_sb_pct")}
    contents = {penalty.element: np.empty(n) for penalty in terms.penalties}
    for start in range(0, n, CHUNK):
        span = slice(start, start + CHUNK)
        found = _work_out({name: values[span] for name, values in fields.items()}, terms)
        for name, values in parts.items():
            values[span] = found[name]
        for element, values in contents.items():
            values[span] = found[element]
    limits = {p.element: p.reject_above_pct for p in terms.penalties}
    rejected = {
        element: contents[element] > limit for element, limit in limits.items() if limit is not None
    }
    return BlockReturn(
        **parts,
        contents_pct=MappingProxyType(contents),
        rejected=MappingProxyType(rejected),
        kind=softest("derived", *(s.kind for s in terms.of_return)),
        conditional_on=tuple(s.key for s in terms.of_return if s.kind == "assumed"),
        gold_missing=terms.gold_missing,
    )


def block_nsr(grades: Mapping[str, ArrayLike], terms: BlockTerms) -> FloatArray:
    """Work out the return after royalty alone, with no memory for its parts.

    Parameters
    ----------
    grades, terms
        As in `block_return`.

    Returns
    -------
    ndarray of float, shape (n,)
        The same bits as ``block_return(...).nsr_usd_per_t`` [USD/t of ore].

    Raises
    ------
    DataError
        As `block_return`.
    """
    fields = _checked(grades, terms)
    net = np.empty(fields[terms.fields["sb"]].size)
    for start in range(0, net.size, CHUNK):
        span = slice(start, start + CHUNK)
        chunk = {name: values[span] for name, values in fields.items()}
        net[span] = _work_out(chunk, terms)["nsr_usd_per_t"]
    return net


def blend(
    grades: Mapping[str, ArrayLike], tonnes: ArrayLike, terms: BlockTerms
) -> dict[str, FloatArray]:
    """Mix blocks into one head grade of each field.

    Parameters
    ----------
    grades : mapping of str to array_like of float, shape (n,)
        Grades by field.
    tonnes : array_like of float, shape (n,)
        Tonnes of each block that go into the mixture; blocks of 0 t may have NaN grades.
    terms : BlockTerms
        Names the fields.

    Returns
    -------
    dict of str to ndarray of float, shape (1,)
        Ready for `block_return`; NaN where a block of the mixture is not estimated.

    Raises
    ------
    DataError
        If a field is missing, or the tonnes are negative or NaN or sum to 0.
    """
    fields = _checked(grades, terms)
    weights = np.asarray(tonnes, dtype=float)
    total = float(weights.sum())
    if not (np.all(weights >= 0.0) and np.isfinite(total) and total > 0.0):
        fact, remedy = "no mixture of these tonnes", "Give tonnes of 0 or more, not all 0."
        raise DataError([Problem(fact, "tonnes", f"{total:g} t in all", remedy=remedy)])
    mixed = weights > 0.0
    return {
        name: np.array([np.sum(values[mixed] * weights[mixed]) / total])
        for name, values in fields.items()
    }


def _work_out(grades: Mapping[str, FloatArray], terms: BlockTerms) -> dict[str, FloatArray]:
    """Return and contents of a few blocks, by name of the part or element."""
    own, sb_pct = terms.base, _in_pct(grades, terms.fields["sb"])
    paid = sb_pct * _curve(terms.sb_recovery).at(sb_pct)  # % of the ore that is recovered
    richness = np.maximum(_curve(terms.concentrate).at(sb_pct), paid)
    pull = paid / richness
    payable = paid * (float(known(own.sb_payability)) / 100.0)
    antimony = payable * float(known(terms.sb_price))
    shipping = float(known(own.transport)) / (1.0 - float(known(terms.moisture)))
    charges = pull * (float(known(own.treatment)) + shipping)
    charges += payable * float(known(terms.sb_refining))
    ounces = _payable_ounces(grades, terms)
    gold = ounces * (known(terms.au_price) if terms.counts_gold else 0.0)
    if terms.counts_gold:
        charges += ounces * float(known(terms.au_refining))
    penalties = pull * (terms.flat_penalty or 0.0)
    contents = {}
    for penalty in terms.penalties:
        held = _held_pct(grades, penalty, pull, richness)
        if penalty.usd_per_step != 0.0:
            excess = np.maximum(held - pull * penalty.free_pct, 0.0)
            penalties += excess * (penalty.usd_per_step / penalty.step_pct)
        contents[penalty.element] = np.divide(
            held, pull, out=np.full(pull.shape, np.nan), where=pull > 0.0
        )
    before = antimony + gold - charges - penalties
    royalty = np.maximum(before, 0.0) * float(known(own.royalty))
    amounts = (antimony, gold, charges, penalties, royalty, before - royalty)
    named = dict(zip(PARTS, amounts, strict=True))
    return {**named, "mass_pull": pull, "concentrate_sb_pct": richness, **contents}


def _held_pct(
    grades: Mapping[str, FloatArray], penalty: Penalty, pull: FloatArray, richness: FloatArray
) -> FloatArray:
    """Part of the ore's mass that is this element in the concentrate [%]."""
    most = 100.0 * (1.0 - richness / STIBNITE_SB_PCT)  # what stibnite leaves of the concentrate
    return np.minimum(_in_pct(grades, penalty.column) * penalty.recovery, pull * most)


def _payable_ounces(grades: Mapping[str, FloatArray], terms: BlockTerms) -> FloatArray:
    """Gold paid for [troy oz/t of ore]; 0 where it is not counted."""
    if not terms.counts_gold:
        return np.zeros(grades[terms.fields["sb"]].size)
    head_gpt = _in_pct(grades, terms.fields["au"]) * 1e4
    recovered = head_gpt * _curve(terms.au_recovery).at(head_gpt) / GRAMS_PER_TROY_OUNCE
    return recovered * float(known(terms.base.au_payability))


def _in_pct(grades: Mapping[str, FloatArray], column: str) -> FloatArray:
    """Grades in per cent by mass, whatever unit their field ends with."""
    unit = PER_CENT[unit_of(column)]
    return grades[column] if unit == 1.0 else grades[column] * unit


def _curve(curve: Curve | None) -> Curve:
    assert curve is not None  # its caller has asked the terms for what is missing
    return curve


def _checked(grades: Mapping[str, ArrayLike], terms: BlockTerms) -> dict[str, FloatArray]:
    """Return the fields that are used, or raise with all that is wrong with them."""
    terms.require("nsr")
    problems: list[Problem] = []
    fields: dict[str, FloatArray] = {}
    for element, column in terms.fields.items():
        if column not in terms.grade_fields:
            continue
        if column not in grades:
            remedy = did_you_mean(column, grades) or f"[value.grades] names it for {element}."
            allowed = ", ".join(grades) or "none"
            fact = "the blocks have no such grade"
            problems.append(Problem(fact, "blocks", column, f"one of {allowed}", remedy))
            continue
        fields[column] = np.atleast_1d(np.asarray(grades[column], dtype=float))
        problems += _wrong_grades(element, column, fields[column])
    sizes = {name: values.shape for name, values in fields.items()}
    if len(set(sizes.values())) > 1 or any(len(shape) != 1 for shape in sizes.values()):
        found = ", ".join(f"{name} {shape}" for name, shape in sizes.items())
        problems.append(Problem("the grades are not rows of one length", "blocks", found))
    if problems:
        raise DataError(problems)
    return fields


def _wrong_grades(element: str, column: str, values: FloatArray) -> Iterator[Problem]:
    """Find grades below 0 or above what rock can hold; NaN is let through."""
    most = STIBNITE_SB_PCT if element == "sb" else 100.0
    limit = most / PER_CENT[unit_of(column)]
    with np.errstate(invalid="ignore"):
        wrong = (values < 0.0) | (values > limit)
    if wrong.any():
        found = f"{values[wrong][0]:g} and {int(wrong.sum()) - 1:,} more of {values.size:,}"
        allowed, remedy = f"0 to {limit:g}", "Write NaN where a grade is not known."
        yield Problem("a grade cannot be right", f"blocks, field {column}", found, allowed, remedy)


def _mean(values: FloatArray) -> float | None:
    """Mean of the valued blocks; None where there are none."""
    valued = values[~np.isnan(values)]
    return float(np.mean(valued)) if valued.size else None
