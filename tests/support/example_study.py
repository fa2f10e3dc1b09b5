"""A finished study of two fields, small but of the shape that ``summary.json`` has.

The figures follow the published ones of Jijikrut and Konchoch; grades are spread by an ordinary
lognormal law, near enough for drawing. Nothing here is a result.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import geopandas as gpd
from scipy.stats import norm
from shapely.geometry import LineString, Point

CRS = "EPSG:32642"
CUTOFFS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0, 15.0)
AMOUNTS = ("ore_t", "sb_pct", "au_gpt", "sb_t", "au_kg", "au_oz")
DISCLAIMER = (
    "Not a Mineral Resource or Ore Reserve under JORC, NI 43-101 or GKZ; published and historical "
    "figures, not verified by a Competent or Qualified Person; reasonable prospects not assessed."
)


def quantity(value: float | None = None, spread: float = 0.0) -> dict[str, float | None]:
    """A quantity with or without a range."""
    if value is None or not spread:
        return {"value": value, "p10": None, "p50": None, "p90": None}
    return {
        "value": value,
        "p10": value * (1 - spread),
        "p50": value,
        "p90": value * (1 + spread),
    }


def _row(field: str, model: str, cutoff: float, **more: Any) -> dict[str, Any]:
    unknown = {name: quantity() for name in AMOUNTS}
    known = {
        "field": field,
        "model": model,
        "role": "model",
        "category": "not stated",
        "kind": "assumed",
        "statement_cutoff_sb_pct": None,
        "cutoff_sb_pct": cutoff,
        "n_draws": 10_000,
        "source": "Argus 20 Apr 2022; sugdnews 2019",
        "statement": f"{field}_{model}",
        "missing": [],
        "known_part": None,
        "warnings": [],
        "note": "",
        "route": "evidence",
        "synthetic": False,
        "heading": "In situ, before loss and dilution",
    }
    return {**known, **unknown, **more}


def _cut(ore_t: float, mean: float, cv: float, cutoff: float) -> tuple[float, float]:
    """Ore and mean grade above a cut-off of an ordinary lognormal law."""
    sigma = math.sqrt(math.log(1 + cv * cv))
    mu = math.log(mean) - sigma * sigma / 2
    if cutoff == 0:
        return ore_t, mean
    a = (math.log(cutoff) - mu) / sigma
    share, metal = norm.sf(a), norm.sf(a - sigma)
    return ore_t * share, mean * metal / share


def _model_rows(field: str, model: str, ore_t: float, mean: float, au: float | None) -> list[Any]:
    rows = []
    for cutoff in CUTOFFS:
        ore, grade = _cut(ore_t, mean, 1.0, cutoff)
        amounts = {
            "ore_t": quantity(ore, 0.15),
            "sb_pct": quantity(grade, 0.1),
            "sb_t": quantity(ore * grade / 100, 0.08),
        }
        if au is not None:
            amounts["au_gpt"] = quantity(au)
            amounts["au_kg"] = quantity(ore * au / 1000)
            amounts["au_oz"] = quantity(ore * au / 31.1034768)
        warned = ["the statement's own cut-off is not stated"] if 0 < cutoff < mean else []
        kind = "derived" if cutoff == 0 else "assumed"
        rows.append(_row(field, model, cutoff, **amounts, warnings=warned, kind=kind))
    return rows


def _bounding_rows(statement: str, model: str, ore_t: float, mean: float) -> list[Any]:
    rows = []
    for cutoff in CUTOFFS:
        ore, grade = _cut(ore_t, mean, 1.0, cutoff)
        amounts = {
            "ore_t": quantity(ore),
            "sb_pct": quantity(grade),
            "sb_t": quantity(ore * grade / 100),
        }
        more = {"role": "bounding", "statement": statement, "n_draws": 0}
        rows.append(_row("jijikrut", model, cutoff, **amounts, **more))
    return rows


def _grade_tonnage() -> list[dict[str, Any]]:
    key = "evidence.statements: jijikrut_published"
    lost = [f"{key}.ore_t", f"{key}.sb_pct", f"{key}.au_gpt"]
    unknown = [
        _row("jijikrut", "published", c, missing=lost, n_draws=0, source="no tonnage is published")
        for c in CUTOFFS
    ]
    total = [
        _row(
            "all",
            "jijikrut: published; konchoch: A",
            c,
            role="total",
            missing=lost,
            known_part={"fields": "konchoch", "ore_t": quantity(_cut(24e6, 1.1, 1.0, c)[0], 0.15)},
            note="a part is not known, so the total is not known",
        )
        for c in CUTOFFS
    ]
    return [
        *unknown,
        *_bounding_rows("all_1998", "national reserve of 1998-99, all of it here", 4.742e6, 3.1),
        *_bounding_rows("ministry_600", "ministry's 600 kt at an assumed 3 %", 20e6, 3.0),
        *_model_rows("konchoch", "A", 23.99e6, 1.103, 2.08),
        *_model_rows("konchoch", "B antimony sub-domain", 6.3e6, 4.2, None),
        *total,
    ]


def _test(name: str, value: float | None, limit: float | None, sense: str, unit: str, **more: Any):
    passes = None
    if value is not None and limit is not None:
        passes = value >= limit if sense == ">=" else value <= limit
    return {
        "name": name,
        "role": "gate",
        "value": value,
        "limit": limit,
        "sense": sense,
        "unit": unit,
        "margin": None if value is None or limit is None else value - limit,
        "passes": passes,
        "share_of_draws": None,
        "kind": "derived",
        "source": "USGS MCS 2025 and 2026",
        **more,
    }


def _verdict(reading: str, holds: bool | None, sentence: str, tests: list[Any], **more: Any):
    return {
        "plan": "700,000 t of ore a year from Jijikrut to the Anzob plant",
        "reading": reading,
        "holds": holds,
        "share_of_draws": None,
        "conditional_on": [],
        "missing": [],
        "target_t_per_year": 700_000.0,
        "horizon_years": 10,
        "binding": None,
        "first_failing_year": None,
        "route": "evidence",
        "synthetic": False,
        "tests": tests,
        "sentence": sentence,
        **more,
    }


def _verdicts() -> tuple[dict[str, Any], dict[str, Any]]:
    claimed = _verdict(
        "as claimed",
        False,
        "700,000 t a year of ore at 15 % Sb or more for 10 years would be 1.05 Mt of antimony, "
        "more than any published figure for the whole country.",
        [
            _test("Antimony needed against the most ever published", 1.05e6, 600e3, "<=", "t Sb"),
            _test("Mine capacity", None, 700e3, ">=", "t/yr"),
            _test(
                "Share of world mine output",
                105.0,
                None,
                "<=",
                "% of 100,000 t (MCS 2025, 2024)",
                role="context",
            ),
        ],
        binding="Antimony needed against the most ever published",
        first_failing_year=6,
    )
    planner = _verdict(
        "as a planner reads it",
        None,
        "Whether Jijikrut can give 700,000 t of ore a year for 10 years is not known: no tonnage "
        "of the field is published.",
        [
            _test("Ore supply", None, 7e6, ">=", "t"),
            _test("Plant throughput", 700e3, 700e3, ">=", "t/yr", kind="reported"),
            _test("Actual average throughput", 350e3, None, ">=", "t/yr", role="context"),
        ],
        missing=["evidence.statements: jijikrut_published.ore_t", "plant.anzob.costs"],
        conditional_on=["plan.horizon_years"],
    )
    return claimed, planner


def _headline_cutoff() -> dict[str, Any]:
    rows = []
    for field, model, means, ore_t in (
        ("jijikrut", "per tonne of ore in the ground", (2.5, 3.1, 5.0), None),
        ("konchoch", "A", (1.103,), 23.99e6),
        ("konchoch", "B antimony sub-domain", (4.2,), 6.3e6),
    ):
        for mean in means:
            for cv in (0.5, 1.0, 1.5, 2.0):
                share, grade = _cut(1.0, mean, cv, 15.0)
                rows.append(
                    {
                        "field": field,
                        "model": model,
                        "label": f"{model} at {mean} %",
                        "mean_sb_pct": mean,
                        "cv": cv,
                        "feasible": not (mean == 5.0 and cv == 2.0),
                        "tonnage_share": share,
                        "metal_share": share * grade / mean,
                        "ore_t": None if ore_t is None else ore_t * share,
                        "sb_t": None if ore_t is None else ore_t * share * grade / 100,
                        "kind": "assumed",
                    }
                )
    gold = [
        {"field": "konchoch", "model": "A", "rho": rho, "au_gpt": 2.08 * math.exp(rho), "au_kg": au}
        for rho, au in ((-0.3, 12.0), (0.0, 16.0), (0.3, 22.0), (0.6, 30.0))
    ]
    gold.append(
        {"field": "jijikrut", "model": "published", "rho": 0.0, "au_gpt": None, "au_kg": None}
    )
    return {
        "cutoff_sb_pct": 15,
        "title": "What an assumed spread of grades implies at 15 % Sb; no spread is published.",
        "gold_title": "Gold in that ore, by the assumed correlation of gold and antimony.",
        "rows": rows,
        "gold": gold,
    }


def _support() -> dict[str, Any]:
    units = (("sample", 0.005), ("hand-sorted piece", 0.05), ("slice", 30.0), ("stope", 5_000.0))
    cvs = (3.0, 2.4, 1.0, 0.4)
    rows = []
    for (name, tonnes), cv in zip(units, cvs, strict=True):
        share, grade = _cut(1.0, 2.5, cv, 15.0)
        rows.append(
            {
                "name": name,
                "selection_unit_t": tonnes,
                "variance_ratio": (cv / 3.0) ** 2,
                "tonnage_share": share,
                "metal_share": share * grade / 2.5,
                "mean_above_sb_pct": grade,
                "cv": cv,
            }
        )
    return {
        "title": "The larger the piece that is selected, the less of it is rich.",
        "cutoff_sb_pct": 15,
        "note": "An assumed mixture of barren host, disseminated ore and rich pockets.",
        "rows": rows,
    }


CLAIMS = [
    {
        "id": "above_15",
        "claim": "The ores hold more than 15 % antimony.",
        "said_by": "Asia-Plus, 2 Dec 2024",
        "arithmetic": "700,000 t x 15 % = 105,000 t Sb a year.",
        "evidence": "The official page of 2021 says so of rich deep ore only, without tonnes.",
        "finding": "inconsistent",
        "sources": ["asiaplustj.info 20241202", "mfa.tj 7473 (2021)"],
    },
    {
        "id": "price",
        "claim": "The price rose from 12,000 to 20,000 USD/t after the export control.",
        "said_by": "Asia-Plus, 2 Dec 2024",
        "arithmetic": "18,500 to 19,500 USD/t on 23 May 2024, before 15 Sep 2024.",
        "evidence": "Argus quotations.",
        "finding": "mistimed",
        "sources": ["argusmedia.com 2571158"],
    },
    {
        "id": "customs",
        "claim": "4,300 t of ore and concentrates for 14 M USD in nine months of 2024.",
        "said_by": "Asia-Plus, 2 Dec 2024",
        "arithmetic": "3,256 USD/t against 10,094 to 11,000 USD/t of antimony in 2022-23.",
        "evidence": "The product words differ between the years.",
        "finding": "not comparable",
        "sources": ["asiaplustj.info 20241202"],
    },
    {
        "id": "two_fields",
        "claim": "Most reserves lie in the two fields.",
        "said_by": "Asia-Plus, 2 Dec 2024",
        "arithmetic": "",
        "evidence": "No official table is published.",
        "finding": "not checkable",
        "sources": [],
    },
]


def _scenarios() -> list[dict[str, Any]]:
    claimed, planner = _verdicts()
    both = {**planner, "holds": True, "share_of_draws": 0.86, "missing": []}
    return [
        {
            "name": "as_claimed",
            "title": "The plan as claimed: every tonne at 15 % Sb",
            "based_on": None,
            "changes": {"plan.min_grade_sb_pct": 15},
            "base_case": {},
            "verdict": claimed,
        },
        {
            "name": "both_fields",
            "title": "Both fields feed the Anzob plant",
            "based_on": None,
            "changes": {"plan.feeds": ["jijikrut", "konchoch"]},
            "base_case": {},
            "verdict": both,
        },
    ]


def summary(*, synthetic: bool = False) -> dict[str, Any]:
    """The ``summary.json`` of the example."""
    _, planner = _verdicts()
    tree = {
        "study": {
            "name": "anzob",
            "title": "Jijikrut, Konchoch and the Anzob plant",
            "question": "What do the ores contain, and does 700,000 t of ore a year hold up?",
            "headline": "As claimed, 700,000 t/yr at 15 % Sb does not hold; as a planner reads it, "
            "700,000 t/yr is not known to hold because no tonnage of Jijikrut is published.",
            "file": "anzob.toml",
            "hash": "0f" * 32,
            "crs": CRS,
            "extent": [67.0, 38.5, 72.5, 40.5],
            "synthetic": synthetic,
            "language": "en",
            "disclaimer": DISCLAIMER,
            "seed": 1,
            "draws": 10_000,
        },
        "version": "0.1.0",
        "generated": "1970-01-01T00:00:00Z",
        "fields": _fields(),
        "grade_tonnage": _grade_tonnage(),
        "headline_cutoff": _headline_cutoff(),
        "support": _support(),
        "verdict": planner,
        "claims": CLAIMS,
        "scenarios": _scenarios(),
        "horizons": [
            {
                "horizon_years": years,
                "readings": {
                    "as claimed": {"holds": False},
                    "as a planner reads it": {"holds": None},
                },
            }
            for years in (5, 10, 15, 20)
        ],
        "inverse": [
            {
                "question": "How much ore would be needed?",
                "answer": "7 Mt of ore for 10 years, before loss and dilution.",
                "value": 7e6,
                "unit": "t",
                "kind": "derived",
                "missing": [],
            }
        ],
        "layers": [],
        "warnings": ["Two records of Jijikrut lie 7.4 km apart: probably one deposit twice."],
        "files": [],
    }
    return copy.deepcopy(tree)


def _fields() -> list[dict[str, Any]]:
    statement = {
        "category": "not stated",
        "basis": "in situ",
        "statement_cutoff_sb_pct": None,
        **{name: quantity() for name in AMOUNTS},
    }
    return [
        {
            "id": "jijikrut",
            "name": "Jijikrut",
            "aliases": ["Dzhizhikrut", "Jezhikrut", "Джижикрут"],
            "plant": "anzob",
            "owner": "Anzob LLC",
            "synthetic": False,
            "missing": ["evidence.statements: jijikrut_published.ore_t"],
            "note": "No tonnage of this field is published.",
            "statements": [
                {
                    **statement,
                    "id": "jijikrut_published",
                    "model": "published",
                    "role": "model",
                    "year": None,
                    "kind": "reported",
                    "primary": [],
                    "source": "no tonnage is published",
                    "note": "",
                    "consistency_factor": None,
                    "problems": [],
                }
            ],
        },
        {
            "id": "konchoch",
            "name": "Konchoch",
            "aliases": ["Kanchoch", "Konchok", "Кончоч"],
            "plant": "konchoch_mill",
            "owner": "Talco Gold",
            "synthetic": False,
            "missing": [],
            "note": "Two interpretations stand side by side; they are never averaged.",
            "statements": [
                {
                    **statement,
                    "id": "konchoch_post",
                    "model": "B antimony sub-domain",
                    "role": "check",
                    "year": 2022,
                    "kind": "reported",
                    "primary": ["sb_t", "sb_pct"],
                    "ore_t": quantity(24e6),
                    "sb_pct": quantity(4.2),
                    "source": "eastmoney post 1541542560",
                    "note": "promotional",
                    "consistency_factor": 3.8,
                    "problems": ["ore x grade is 3.8 times the stated metal"],
                }
            ],
        },
    ]


def _records() -> dict[str, list[dict[str, Any]]]:
    meaning = "where the deposit may lie, not its outline"
    common = {"source": "USGS major deposits", "confidence": "low", "year": 2026, "note": ""}

    def point(name: str, x: float, y: float, title: str, kind: str, metres: float, **more: Any):
        said = {"field": "", "statement_kind": "reported", "geometry_meaning": "location"}
        where = {"geometry": Point(x, y), "id": name, "name": title, "kind": kind}
        return {**where, "uncertainty_m": metres, **said, **common, **more}

    ours = {"field": "jijikrut", "geometry_meaning": meaning}
    listed = {**ours, "record": "published record"}
    mercury = {**listed, "commodity": "Hg"}
    theirs = {"field": "konchoch", "geometry_meaning": meaning, "statement_kind": "assumed"}
    return {
        "places": [
            point("zeravshan", 68.62944, 39.17389, "Zeravshan (settlement)", "settlement", 500),
            point("anzob_village", 68.82389, 39.16583, "Anzob village", "settlement", 500),
            point("tunnel", 68.69316, 39.08634, "Anzob tunnel", "tunnel", 1500),
            point("ayni", 68.703, 39.211, "Ayni district", "admin", 20000),
        ],
        "deposits": [
            point("jijikrut", 68.64, 39.16, "Jijikrut ore field", "deposit", 4000, **ours),
            point("usgs_1850", 68.65, 39.15, "Jezhikrut (USGS 1850)", "deposit", 3000, **listed),
            point("usgs_1848", 68.6006, 39.2042, "Dzhizhikrut (1848)", "deposit", 5000, **mercury),
            point("konchoch", 68.35, 39.10, "Konchoch area", "deposit", 15000, **theirs),
            point("chore", 68.5542, 39.3975, "Chore (Au)", "deposit", 3000),
            point("kadamzhai", 71.7174, 40.1315, "Kadamzhai, Kyrgyzstan", "analogue", 1000),
        ],
        "plants": [
            point("anzob", 68.6294, 39.1739, "Anzob plant", "plant", 2000, field=""),
            point("konchoch_mill", 68.35, 39.10, "Konchoch mill", "plant", 15000, field=""),
        ],
    }


def layers() -> dict[str, gpd.GeoDataFrame]:
    """The layers of the example by role, in the project CRS."""
    found = {
        role: gpd.GeoDataFrame(rows, crs=4326).to_crs(CRS) for role, rows in _records().items()
    }
    line = LineString([(68.82389, 39.16583), (68.62944, 39.17389), (68.53833, 39.18917)])
    road = LineString([(68.69316, 39.08634), (68.62944, 39.17389), (68.55, 39.38278)])
    for role, name, course in (("rivers", "Yaghnob", line), ("roads", "M34", road)):
        one = {"id": name.lower(), "name": name, "kind": role[:-1], "geometry": course}
        one["geometry_meaning"] = "schematic course, not surveyed"
        found[role] = gpd.GeoDataFrame([one], crs=4326).to_crs(CRS)
    discs = found["deposits"].copy()
    discs["geometry"] = discs.geometry.buffer(discs["uncertainty_m"])
    discs["kind"] = "location_uncertainty"
    discs["geometry_meaning"] = "where the deposit may lie, not its outline"
    found["location_uncertainty"] = discs
    return found
