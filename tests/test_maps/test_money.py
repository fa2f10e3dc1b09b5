"""Do the tables beside the map show what the summary holds, and nothing when it holds nothing?"""

from maps.drawings.headline import known
from maps.drawings.money import bearable, sensitivities

GRID = [
    {"payability": p, "price_usd_per_t": c, "revenue_usd_per_t_ore": p * c * 0.02}
    for p in (0.6, 0.7)
    for c in (12_000.0, 55_000.0)
]
SUMMARY = {
    "economics": {
        "head_grade_sb_pct": 2.5,
        "head_grade_basis": "<assumed>",
        "note": "antimony only",
        "net_price_grid": GRID,
        "required_net_price": [
            {"cost_usd_per_t_ore": 100.0, "required_net_price_usd_per_t": 4571.4}
        ],
        "missing": ["economics.sb_price"],
    },
    "scenarios": [{"name": "base", "title": "The plan"}],
    "tornado": [
        {
            "scenario": "base", "input": "a.b", "low_label": "1", "high_label": "2",
            "output": "metal", "unit": "t/yr", "low": 1000.0, "base": 1500.0, "high": None,
        }
    ],
    "frontier": [
        {
            "scenario": "base", "rate_t_per_year": 350_000.0, "life_years": 13.5,
            "usual": True, "ore_t": 4.7e6, "ore_basis": "in situ",
        }
    ],
}  # fmt: skip


def test_price_stands_against_payability():
    page = bearable(SUMMARY)
    for shown in ("12,000 USD/t", "55,000 USD/t", "60 % payable", ">140<", ">770<", "4,600 USD/t"):
        assert shown in page
    assert "&lt;assumed&gt;" in page
    assert "economics.sb_price" in page


def test_a_bar_without_an_end_says_not_known():
    page = sensitivities(SUMMARY)
    assert "1,000 to not known" in page
    assert "350 kt a year" in page
    assert "14 years" in page


def test_nothing_known_shows_nothing():
    assert bearable({}) == ""
    assert sensitivities({}) == ""


def quantity(value):
    return {"value": value, "p10": None, "p50": None, "p90": None}


def row(field, role, **amounts):
    names = ("ore_t", "sb_pct", "sb_t", "au_gpt", "au_kg", "au_oz")
    filled = {name: quantity(amounts.get(name)) for name in names}
    about = {"field": field, "role": role, "model": "<A>", "category": "C1", "cutoff_sb_pct": 0.0}
    return about | {"kind": "derived", "statement": role} | filled


def test_what_is_known_is_said_before_anybody_clicks():
    rows = [
        row("n", "model", ore_t=2.2e7, sb_pct=1.21, sb_t=264_616.0, au_kg=49_900.0),
        row("n", "bounding", ore_t=1e9, sb_pct=5.0, sb_t=5e7),
        row("s", "model"),
    ]
    fields = [{"id": "n", "name": "North"}, {"id": "s", "name": "South"}]
    page = known({"fields": fields, "grade_tonnage": rows})
    assert "22 Mt at 1.2 % Sb, 260 kt Sb, gold 50 t Au (derived)" in page
    assert "&lt;A&gt;" in page
    assert "South</b>: tonnes, grade and gold not known" in page
    assert "1,000 Mt" not in page
    assert known({"fields": []}) == ""
