"""What is a tonne of ore worth at the mine gate, and from which head grade does it pay?

Nothing that the study does not state is taken as 0. A missing price, charge or royalty makes the
return "not known" and is named; only gold may be left out, and then the result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from deposits.display import Fact, as_html, as_text
from deposits.stated import Kind, Stated, softest
from deposits.units import GRAMS_PER_TROY_OUNCE
from planning.economics.config import Economics, Plant, Price
from planning.economics.plant import Amounts

#: Field of `Terms` -> its key in the study; "{plant}" stands for the plant's identifier.
TERM_KEYS: Mapping[str, str] = {
    "sb_price": "economics.sb_price",
    "sb_payability": "economics.sb_payability_fraction",
    "sb_recovery": "plants.{plant}.sb_recovery_fraction",
    "concentrate_sb_pct": "plants.{plant}.concentrate_sb_pct",
    "treatment": "economics.treatment_charge_usd_per_t_concentrate",
    "transport": "economics.transport_usd_per_t_concentrate",
    "penalties": "economics.penalties_usd_per_t_concentrate",
    "royalty": "economics.royalty_fraction_of_nsr",
    "au_price": "economics.au_price",
    "au_payability": "economics.au_payability_fraction",
    "au_recovery": "plants.{plant}.au_recovery_fraction",
    "mining": "economics.mining_cost_usd_per_t_ore",
    "processing": "economics.processing_cost_usd_per_t_ore",
    "general": "economics.general_cost_usd_per_t_ore",
    "sustaining": "economics.sustaining_capital_usd_per_t_ore",
    "initial_capital": "economics.initial_capital_usd",
    "discount_rate": "economics.discount_rate_fraction",
    "tax": "economics.tax_fraction",
}
NSR_TERMS = tuple(TERM_KEYS)[:8]
GOLD_TERMS = ("au_price", "au_payability", "au_recovery")
COST_TERMS = ("mining", "processing", "general", "sustaining")
MONEY_TERMS = ("initial_capital", "discount_rate")


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Prices, selling terms and costs as plain numbers or draws, ready to reckon with.

    Parameters
    ----------
    sb_price : float, ndarray or None
        [USD/t of Sb]
    sb_payability, sb_recovery, au_payability, au_recovery, royalty, tax, discount_rate : \
float, ndarray or None
        [fraction]
    concentrate_sb_pct : float, ndarray or None
        [% Sb]
    treatment, transport, penalties : float, ndarray or None
        [USD/t of concentrate]
    au_price : float, ndarray or None
        [USD/troy oz]
    mining, processing, general, sustaining : float, ndarray or None
        [USD/t of ore]
    initial_capital : float, ndarray or None
        [USD]
    plant : str
        Identifier under which the plant stands in the study.
    kinds : mapping of str to Kind
        How each stated term is known.

    Notes
    -----
    All draws have one length and belong together: draw i of the price goes with draw i of the
    recovery.
    """

    sb_price: Amounts | None = None
    sb_payability: Amounts | None = None
    sb_recovery: Amounts | None = None
    concentrate_sb_pct: Amounts | None = None
    treatment: Amounts | None = None
    transport: Amounts | None = None
    penalties: Amounts | None = None
    royalty: Amounts | None = None
    au_price: Amounts | None = None
    au_payability: Amounts | None = None
    au_recovery: Amounts | None = None
    mining: Amounts | None = None
    processing: Amounts | None = None
    general: Amounts | None = None
    sustaining: Amounts | None = None
    initial_capital: Amounts | None = None
    discount_rate: Amounts | None = None
    tax: Amounts | None = None
    plant: str = "NAME"
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the study keys of those of *names* that are not stated."""
        return tuple(key_of(n, self.plant) for n in names if getattr(self, n) is None)

    def assumed(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the study keys of those of *names* that are assumptions."""
        return tuple(key_of(n, self.plant) for n in names if self.kinds.get(n) == "assumed")

    def kind(self, names: Iterable[str]) -> Kind:
        """Return the softest kind among *names*; a calculation is at best derived."""
        return softest("derived", *(self.kinds[n] for n in names if n in self.kinds))


@dataclass(frozen=True, slots=True, eq=False)
class NetSmelterReturn:
    """What is paid for the concentrate of one tonne of ore; None is not known.

    Parameters
    ----------
    antimony, gold : float, ndarray or None
        Payable metal [USD/t of ore]; gold is None when it is not counted.
    charges : float, ndarray or None
        Treatment, transport and penalties [USD/t of ore].
    nsr : float, ndarray or None
        Antimony + gold - charges, before royalty [USD/t of ore].
    royalty, net : float, ndarray or None
        Royalty, and what is left after it [USD/t of ore].
    kind : {"derived", "assumed"}
        As soft as the softest term used.
    conditional_on, missing, gold_missing : tuple of str
        Keys of the assumed terms used; of the terms that block the result; and of those that
        keep gold out of it.
    """

    antimony: Amounts | None
    gold: Amounts | None
    charges: Amounts | None
    nsr: Amounts | None
    royalty: Amounts | None
    net: Amounts | None
    kind: Kind
    conditional_on: tuple[str, ...]
    missing: tuple[str, ...]
    gold_missing: tuple[str, ...]

    @property
    def note(self) -> str:
        """Whether gold is in the figures."""
        if not self.gold_missing:
            return ""
        return "gold not counted; missing: " + ", ".join(self.gold_missing)

    def facts(self) -> list[Fact]:
        """Return the parts of the return, the mean where there are draws."""
        gold = "not counted" if self.gold is None else _mean(self.gold)
        return [
            Fact("payable antimony", _mean(self.antimony), "USD/t of ore"),
            Fact("payable gold", gold, "USD/t of ore"),
            Fact("treatment, transport, penalties", _mean(self.charges), "USD/t of ore"),
            Fact("net smelter return", _mean(self.nsr), "USD/t of ore"),
            Fact("royalty", _mean(self.royalty), "USD/t of ore"),
            Fact("left after royalty", _mean(self.net), "USD/t of ore"),
            *([Fact("missing", ", ".join(self.missing))] if self.missing else []),
        ]

    def __str__(self) -> str:
        """Plain text."""
        return as_text("Net smelter return", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Net smelter return", self.facts())


@dataclass(frozen=True, slots=True, eq=False)
class BreakEven:
    """From which head grade a tonne of ore pays its way.

    Parameters
    ----------
    sb_pct : float, ndarray or None
        Head grade [% Sb] at which the return after royalty equals the costs; 0 where gold alone
        pays, inf where no grade can pay; None is not known.
    kind : {"derived", "assumed"}
        As soft as the softest term used.
    conditional_on, missing, gold_missing : tuple of str
        As in `NetSmelterReturn`.
    """

    sb_pct: Amounts | None
    kind: Kind
    conditional_on: tuple[str, ...]
    missing: tuple[str, ...]
    gold_missing: tuple[str, ...]


def known(value: Amounts | None) -> Amounts:
    """Return a value that its caller has checked to be known."""
    assert value is not None
    return value


def key_of(name: str, plant_id: str) -> str:
    """Return the key under which a term stands in the study."""
    return TERM_KEYS[name].format(plant=plant_id)


def stated_terms(economics: Economics, plant: Plant) -> dict[str, Stated | None]:
    """List the statements behind each term.

    Parameters
    ----------
    economics : Economics
        Table ``[economics]``.
    plant : Plant
        Table ``[plants.NAME]``.

    Returns
    -------
    dict of str to Stated or None
        By field of `Terms`, in the order of `TERM_KEYS`; None is not known.
    """
    found: dict[str, Stated | None] = {}
    for name, key in TERM_KEYS.items():
        table, attribute = key.split(".", 1)
        owner: Economics | Plant = economics if table == "economics" else plant
        value = getattr(owner, attribute.rsplit(".", 1)[-1])
        if isinstance(value, Price):
            value = value.usd_per_t if value.usd_per_t is not None else value.usd_per_oz
        found[name] = value
    return found


def terms_of(
    economics: Economics,
    plant: Plant,
    plant_id: str,
    take: Callable[[str, Stated], Amounts] = lambda key, stated: stated.base,
) -> Terms:
    """Turn the study's statements into numbers to reckon with.

    Parameters
    ----------
    economics : Economics
        Table ``[economics]``.
    plant : Plant
        Table ``[plants.NAME]``.
    plant_id : str
        That NAME.
    take : callable (key, Stated) -> float or ndarray
        How a statement becomes a number; the base case by default. A sampler returns draws for a
        range, and one number for the rest.

    Returns
    -------
    Terms
        None where nothing is stated.
    """
    stated = stated_terms(economics, plant)
    numbers = {
        name: None if s is None else take(key_of(name, plant_id), s) for name, s in stated.items()
    }
    kinds = {name: s.kind for name, s in stated.items() if s is not None}
    return Terms(**numbers, plant=plant_id, kinds=kinds)


def missing_terms(economics: Economics, plant: Plant, plant_id: str) -> list[str]:
    """List the keys still needed for a return, a break-even grade and a cash flow.

    Parameters
    ----------
    economics : Economics
        Table ``[economics]``.
    plant : Plant
        Table ``[plants.NAME]``.
    plant_id : str
        That NAME.

    Returns
    -------
    list of str
        Key paths. Gold is not among them (`Terms.missing(GOLD_TERMS)` lists it): without it the
        results stand and say "gold not counted". Tax is not either: without it they are pre-tax.
    """
    terms = terms_of(economics, plant, plant_id)
    keys = list(terms.missing((*NSR_TERMS, *COST_TERMS, *MONEY_TERMS)))
    return keys + ([] if economics.valuation_date else ["economics.valuation_date"])


def net_smelter_return(
    sb_pct: Amounts | None, terms: Terms, au_gpt: Amounts | None = None
) -> NetSmelterReturn:
    """Work out what is paid for the concentrate of one tonne of ore.

    Parameters
    ----------
    sb_pct : float, ndarray or None
        Head grade [% Sb].
    terms : Terms
        Prices and terms.
    au_gpt : float, ndarray or None
        Gold in the ore [g/t]; None is not known, and gold is then not counted.

    Returns
    -------
    NetSmelterReturn
        Every part None if an antimony term is missing.

    Notes
    -----
    Per tonne of ore with g = sb_pct/100, recovery R, concentrate grade c (fraction), payability p,
    price P and charges C per tonne of concentrate: antimony g R p P, charges g R C / c, gold
    au_gpt R_au / 31.1034768 x p_au P_au. The royalty is a part of a positive return.
    """
    missing = terms.missing(NSR_TERMS) + (("head grade",) if sb_pct is None else ())
    gold_missing = _gold_missing(terms, au_gpt)
    used = NSR_TERMS if gold_missing else (*NSR_TERMS, *GOLD_TERMS)
    about = (terms.kind(used), terms.assumed(used), missing, gold_missing)
    if missing or sb_pct is None:
        return NetSmelterReturn(None, None, None, None, None, None, *about)
    recovered = np.multiply(sb_pct, known(terms.sb_recovery)) / 100.0
    antimony = recovered * known(terms.sb_payability) * known(terms.sb_price)
    gold = None if gold_missing else _gold_usd(terms, known(au_gpt))
    charges = recovered * _charges_per_t_sb(terms)
    nsr = antimony - charges + (0.0 if gold is None else gold)
    royalty = np.maximum(nsr, 0.0) * known(terms.royalty)
    return NetSmelterReturn(antimony, gold, charges, nsr, royalty, nsr - royalty, *about)


def cost_per_t_ore(terms: Terms) -> Amounts | None:
    """Add mining, processing, general cost and sustaining capital [USD/t of ore].

    Returns
    -------
    float, ndarray or None
        None if one of the four is not stated.
    """
    if terms.missing(COST_TERMS):
        return None
    mine_and_plant = np.add(known(terms.mining), known(terms.processing))
    return mine_and_plant + known(terms.general) + known(terms.sustaining)


def break_even_grade(terms: Terms, au_gpt: Amounts | None = None) -> BreakEven:
    """Find the head grade whose return after royalty equals the costs of a tonne of ore.

    Parameters
    ----------
    terms : Terms
        Prices, terms and all four costs.
    au_gpt : float, ndarray or None
        Gold in the ore [g/t]; None leaves gold out, which asks more of the antimony.

    Returns
    -------
    BreakEven
        `sb_pct` None if a term is missing.

    Notes
    -----
    With cost K, royalty f, gold G per tonne of ore and the margin m per tonne of recovered
    antimony (p P - C/c): g = (K / (1 - f) - G) / (R m). Initial capital is not in K.
    """
    missing = terms.missing((*NSR_TERMS, *COST_TERMS))
    gold_missing = _gold_missing(terms, au_gpt)
    used = (*NSR_TERMS, *COST_TERMS, *(() if gold_missing else GOLD_TERMS))
    about = (terms.kind(used), terms.assumed(used), missing, gold_missing)
    cost = cost_per_t_ore(terms)
    if missing or cost is None:
        return BreakEven(None, *about)
    gold = 0.0 if gold_missing else _gold_usd(terms, known(au_gpt))
    needed = np.maximum(np.divide(cost, 1.0 - known(terms.royalty)) - gold, 0.0)
    paid = np.multiply(known(terms.sb_payability), known(terms.sb_price))
    margin = known(terms.sb_recovery) * (paid - _charges_per_t_sb(terms))
    with np.errstate(divide="ignore", invalid="ignore"):
        grade = np.where(margin > 0.0, 100.0 * needed / margin, np.inf)
    return BreakEven(np.where(needed > 0.0, grade, 0.0)[()], *about)


def _gold_missing(terms: Terms, au_gpt: Amounts | None) -> tuple[str, ...]:
    """Keys that keep gold out: of the terms, and of the grade itself."""
    return terms.missing(GOLD_TERMS) + (("gold grade of the ore",) if au_gpt is None else ())


def _gold_usd(terms: Terms, au_gpt: Amounts) -> Amounts:
    """Payable gold [USD/t of ore]."""
    ounces = np.multiply(au_gpt, known(terms.au_recovery)) / GRAMS_PER_TROY_OUNCE
    return ounces * known(terms.au_payability) * known(terms.au_price)


def _charges_per_t_sb(terms: Terms) -> Amounts:
    """Treatment, transport and penalties per tonne of antimony in concentrate [USD/t]."""
    charges = np.add(known(terms.treatment), known(terms.transport)) + known(terms.penalties)
    return np.divide(charges * 100.0, known(terms.concentrate_sb_pct))


def _mean(value: Amounts | None) -> float | None:
    return None if value is None else float(np.mean(value))
