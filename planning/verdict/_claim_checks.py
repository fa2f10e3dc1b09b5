"""Do claims about grade, tonnes, capacity and delivery stand beside the evidence?

Each check takes its parameters and the facts and does the sum; no figure of a deposit stands here.
"""

from __future__ import annotations

import pandas as pd

from deposits.evidence.statements import CONSISTENT_WITHIN, consistency_factor
from planning.verdict._claim_basis import (
    Answer,
    ClaimFacts,
    Finding,
    Parameters,
    editions_note,
    per_cent,
    plain,
    sentence,
    sources_of,
    whole,
)

#: Supports at which a grade speaks of tonnes that a plant could be fed with.
BULK_SUPPORTS = (
    "run of mine",
    "mill feed",
    "recovered",
    "deposit mean",
    "deposit range",
    "national average",
)


class Grade(Parameters):
    """A grade said to be that of an ore."""

    sb_pct: float
    fields: list[str]


def grade(asked: Grade, facts: ClaimFacts) -> Answer:
    """Compare a grade with everything published at the support of a plant's feed."""
    table = facts.evidence.grade_reports
    bulk = table[table["field"].isin(asked.fields) & table["support"].isin(BULK_SUPPORTS)]
    if bulk.empty:
        return Answer("", "No grade of these fields is published at bulk support.", "not checkable")
    low, high = bulk["sb_pct_low"].min(), bulk["sb_pct_high"].fillna(bulk["sb_pct_low"]).max()
    finding: Finding = "consistent" if low <= asked.sb_pct <= high else "inconsistent"
    if asked.sb_pct > high:
        relation = f"{asked.sb_pct / high:.3g} times the highest, as a mean of the fields; "
        relation += "a rich part of them is not excluded"
    elif asked.sb_pct < low:
        relation = f"{low / asked.sb_pct:,.0f} times less than the lowest"
    else:
        relation = "inside that range"
    rows = "; ".join(
        f"{row['subject']}: {_span(row['sb_pct_low'], row['sb_pct_high'])} % Sb ({row['support']})"
        for _, row in bulk.iterrows()
    )
    arithmetic = (
        f"{plain(asked.sb_pct)} % Sb against {low:g} to {high:g} % in {len(bulk)} records at the "
        f"support of a plant's feed: {relation}."
    )
    return Answer(arithmetic, rows + ".", finding, sources_of(bulk["source"]))


class Subset(Parameters):
    """A rich part of a field, with or without its size."""

    field: str
    sb_pct: float
    rate_t_per_year: float


def subset(asked: Subset, facts: ClaimFacts) -> Answer:
    """Ask whether a rich part of a field is stated with tonnes and at which support."""
    table = facts.evidence.grade_reports
    said = table[(table["field"] == asked.field) & (table["sb_pct_low"] >= asked.sb_pct)]
    sized = said[said["tonnes_stated"].astype(bool)]
    samples = table[(table["support"] == "sample") & (table["sb_pct_high"] >= asked.sb_pct)]
    arithmetic = (
        f"To make up one hundredth of a feed of {whole(asked.rate_t_per_year)} t a year, "
        f"{whole(asked.rate_t_per_year / 100)} t of ore at {asked.sb_pct:g} % Sb are needed each "
        "year."
    )
    if sized.empty:
        evidence = (
            "No tonnes, thickness or sample size of the rich ore is published, and no gold grade."
        )
        if len(samples):
            evidence += (
                f" Elsewhere ({'; '.join(samples['subject'])}) samples of "
                f"{samples['sb_pct_low'].min():g} to {samples['sb_pct_high'].max():g} % Sb lie "
                "inside wide lean intervals: rich samples do not make rich ore."
            )
        sources = sources_of(said["source"], samples["source"])
        return Answer(arithmetic, evidence, "not checkable", sources)
    subjects = "; ".join(sized["subject"])
    return Answer(
        arithmetic, f"Stated with tonnes: {subjects}.", "consistent", sources_of(sized["source"])
    )


class MetalOutput(Parameters):
    """A yearly tonnage at a grade."""

    ore_t_per_year: float
    sb_pct: float
    country: str
    world: str = "World"


def metal_output(asked: MetalOutput, facts: ClaimFacts) -> Answer:
    """Compare the metal in a yearly feed with the mine output of the world, by edition."""
    metal = asked.ore_t_per_year * asked.sb_pct / 100.0
    usgs = facts.market.usgs
    made = usgs[usgs["measure"] == "production"]
    lines, beaten = [], []
    for (edition, year), table in made.groupby(["edition", "year"]):
        total = table.loc[table["country"] == asked.world, "value_t_sb"]
        nations = table[table["country"] != asked.world].set_index("country")["value_t_sb"].dropna()
        if total.empty or nations.empty:
            continue
        beaten.append(metal > nations.max())
        line = f"{per_cent(metal / total.iloc[0])} of the world in {year:.0f} ({edition})"
        if asked.country in nations.index:
            line += f", {metal / nations[asked.country]:.1f} times {asked.country}"
        lines.append(f"{line}, {metal / nations.max():.1f} times {nations.idxmax()}")
    arithmetic = (
        f"{whole(asked.ore_t_per_year)} t x {asked.sb_pct:g} % = {whole(metal)} t Sb a year."
    )
    if not beaten:
        return Answer(arithmetic, "No table of world output.", "not checkable")
    reserves = facts.evidence.national_reserves
    held = reserves[reserves["sb_t"].notna() & (reserves["entity"] == asked.country)]
    lives = held.loc[[held["sb_t"].idxmin(), held["sb_t"].idxmax()]] if len(held) else held
    lasting = "; ".join(
        f"{row['sb_t'] / metal:.1f} years on {whole(row['sb_t'])} t "
        f"({row['said_by']}, {row['year']:.0f})"
        for _, row in lives.iterrows()
    )
    evidence = sentence(
        "; ".join(lines) + ".",
        f"National reserves would last {lasting}." if lasting else "",
        editions_note(sorted(made["edition"])),
    )
    sources = sources_of(made.loc[made["country"] == asked.world, "source"], lives["source"])
    return Answer(arithmetic, evidence, "inconsistent" if all(beaten) else "consistent", sources)


class Capacity(Parameters):
    """A yearly tonnage said to be the aim of a mine that feeds a plant."""

    plant: str
    t_per_year: float


def capacity(asked: Capacity, facts: ClaimFacts) -> Answer:
    """Set an aim for a mine beside the capacity and the record of its plant."""
    rows = facts.evidence.plants[facts.evidence.plants["plant"] == asked.plant]
    known = rows.set_index("fact")["value"]
    if "nameplate" not in known:
        return Answer("", "The plant's capacity is not published.", "not checkable")
    arithmetic = f"{whole(asked.t_per_year)} / {whole(known['nameplate'])} t a year = " + (
        f"{asked.t_per_year / known['nameplate']:.2f} of the plant's existing capacity"
    )
    if "actual average" in known:
        share = known["actual average"] / known["nameplate"]
        arithmetic += (
            f"; the plant has averaged {whole(known['actual average'])} t, {per_cent(share)}"
        )
    evidence = (
        "The figure is the plant's existing full capacity, not an addition to it. The claim speaks "
        "of the mine's capacity, which is not published; whether the mine can give that rate is "
        "the verdict's question."
    )
    used = rows[rows["fact"].isin(["nameplate", "actual average"])]
    return Answer(arithmetic + ".", evidence, "not comparable", sources_of(used["source"]))


class Concentration(Parameters):
    """Reserves said to lie mostly in some fields."""

    fields: list[str]
    country: str


def concentration(asked: Concentration, facts: ClaimFacts) -> Answer:
    """Ask which share of the national reserve the named fields hold."""
    metals: dict[str, float | None] = {}
    for field in asked.fields:
        models = [s for s in facts.statements if s.field == field and s.role == "model"]
        stated = [s.base()["sb_t"] for s in models if s.base()["sb_t"] is not None]
        metals[field] = max((m for m in stated if m is not None), default=None)
    table = facts.evidence.national_reserves
    totals = table[(table["entity"] == asked.country) & table["sb_t"].notna()]
    known = {field: metal for field, metal in metals.items() if metal is not None}
    shares = "; ".join(
        f"{field} {whole(metal)} t = {per_cent(metal / row['sb_t'])} of {whole(row['sb_t'])} t "
        f"({row['said_by']}, {row['year']:.0f})"
        for field, metal in known.items()
        for _, row in totals.iterrows()
    )
    missing = [field for field in asked.fields if field not in known]
    evidence = "No national figure in tonnes."
    if len(totals):
        spread = totals["sb_t"].max() / totals["sb_t"].min()
        evidence = f"The national figures differ up to {spread:.0f} times."
    if missing:
        evidence += (
            f" No reserve is published for {', '.join(missing)}: the share has no numerator."
        )
    finding: Finding = "not checkable" if missing or totals.empty else "consistent"
    if not missing and len(totals) and 2 * sum(known.values()) < totals["sb_t"].min():
        finding = "inconsistent"
    return Answer(shares + "." if shares else "", evidence, finding, sources_of(totals["source"]))


class PlantAge(Parameters):
    """A plant said to have worked since a year."""

    plant: str
    since_year: float


def plant_age(asked: PlantAge, facts: ClaimFacts) -> Answer:
    """Compare the year a plant is said to have begun with its history."""
    rows = facts.evidence.plants[facts.evidence.plants["plant"] == asked.plant]
    history = rows[rows["unit"] == "year"].sort_values("value")
    start = history.loc[history["fact"] == "worked since", "value"]
    if start.empty:
        return Answer("", "The first year of work is not published.", "not checkable")
    gap = float(start.iloc[0]) - asked.since_year
    arithmetic = f"{start.iloc[0]:.0f} - {asked.since_year:.0f} = {gap:.0f} years apart."
    evidence = "; ".join(
        f"{r['fact']} {r['value']:.0f} {r['text']}".strip() for _, r in history.iterrows()
    )
    finding: Finding = "inconsistent" if gap > 0 else "consistent"
    return Answer(arithmetic, evidence + ".", finding, sources_of(history["source"]))


class PlantFeed(Parameters):
    """A plant said to be fed by some fields."""

    plant: str
    fields: list[str]


def plant_feed(asked: PlantFeed, facts: ClaimFacts) -> Answer:
    """Ask which plants the named fields really feed."""
    plants = facts.evidence.plants
    feeds = plants[(plants["fact"] == "feed") & plants["text"].isin(asked.fields)]
    owners = plants[plants["fact"] == "owner"].set_index("plant")["text"]
    lines = "; ".join(
        f"{row['text']} feeds {row['plant']} ({owners.get(row['plant'], 'owner not stated')})"
        for _, row in feeds.iterrows()
    )
    elsewhere = feeds[feeds["plant"] != asked.plant]
    own = feeds.loc[feeds["plant"] == asked.plant, "text"]
    arithmetic = (
        f"{len(own)} of {len(asked.fields)} named fields is published as a feed of the plant."
    )
    if len(own) == len(asked.fields):
        finding: Finding = "consistent"
    else:
        finding = "inconsistent" if len(elsewhere) else "not checkable"
    return Answer(arithmetic, lines + "." if lines else "", finding, sources_of(feeds["source"]))


class Triple(Parameters):
    """A statement whose tonnes, grade and metal are all given."""

    statement: str


def triple(asked: Triple, facts: ClaimFacts) -> Answer:
    """Multiply a statement's own tonnes and grade, and compare with its own metal."""
    found = [s for s in facts.statements if s.statement_id == asked.statement]
    factor = consistency_factor(found[0]) if found else None
    if factor is None:
        return Answer("", "Tonnes, grade and metal are not all stated.", "not checkable")
    stated = {name: value.base for name, value in found[0].stated.items()}
    product = stated["ore_t"] * stated["sb_pct"] / 100.0
    arithmetic = (
        f"{whole(stated['ore_t'])} t x {stated['sb_pct']:g} % = {whole(product)} t Sb, "
        f"{factor:.1f} times the stated {whole(stated['sb_t'])} t."
    )
    finding: Finding = "consistent" if abs(factor - 1) <= CONSISTENT_WITHIN else "inconsistent"
    grade_of_all = 100 * stated["sb_t"] / stated["ore_t"]
    evidence = f"The stated metal on these tonnes is {grade_of_all:.2f} % Sb."
    return Answer(arithmetic, evidence, finding, (found[0].source,))


class Delivery(Parameters):
    """A yearly output announced for a plant."""

    entity: str
    quantity: str
    per_year: float


def delivery(asked: Delivery, facts: ClaimFacts) -> Answer:
    """Compare an announced output with what was planned and made since."""
    table = facts.evidence.output_history
    rows = table[(table["entity"] == asked.entity) & (table["quantity"] == asked.quantity)]
    made = rows[rows["actual"].notna()]
    if made.empty:
        return Answer(
            "", "No actual output is published.", "not checkable", sources_of(rows["source"])
        )
    lines = []
    for _, row in made.iterrows():
        line = f"{row['period']}: {row['actual']:,.0f} t made"
        if pd.notna(row["plan"]):
            line += f" of {row['plan']:,.0f} t planned ({per_cent(row['actual'] / row['plan'])})"
        lines.append(line)
    best = float((made["actual"] * 12.0 / made["months"]).max())
    arithmetic = (
        f"Best yearly rate reached {whole(best)} t / {whole(asked.per_year)} t a year = "
        f"{per_cent(best / asked.per_year)}."
    )
    open_plans = rows[rows["actual"].isna() & (rows["unit"] == "t")]
    lines += [
        f"{r['period']}: {r['plan']:,.0f} t expected, actual not found"
        for _, r in open_plans.iterrows()
    ]
    finding: Finding = "consistent" if best >= asked.per_year else "inconsistent"
    return Answer(arithmetic, "; ".join(lines) + ".", finding, sources_of(rows["source"]))


def _span(low: float, high: float) -> str:
    """Write a range of grades; NaN above means that only a lower limit is given."""
    if low == high:
        return f"{low:g}"
    return f"{low:g} to {high:g}" if high > low else f"more than {low:g}"
