"""Claims are held against the tables: the sums, the findings, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deposits.errors import DataError
from deposits.evidence.statements import read_statements
from deposits.tables import TableFile
from planning.economics.market_tables import read_evidence, read_market
from planning.verdict.claims import CHECKS, Claim, ClaimFacts, check_claims, read_claims

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def facts() -> ClaimFacts:
    return ClaimFacts(
        read_market(DATA / "market").or_raise(),
        read_evidence(DATA / "evidence").or_raise(),
        read_statements(TableFile(DATA / "evidence" / "statements.csv")).or_raise(),
    )


@pytest.fixture(scope="module")
def findings(facts):
    claims = read_claims(DATA / "evidence" / "claims.toml").or_raise()
    return {finding.id: finding for finding in check_claims(claims, facts)}


def ask(facts, check, **parameters):
    claim = Claim(
        id="X", claim="x", said_by="somebody", date="2024", check=check, parameters=parameters
    )
    return check_claims([claim], facts)[0]


def write(folder: Path, text: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


ONE = '[[claim]]\nid = "A"\nclaim = "c"\nsaid_by = "s"\ndate = "2024"\n'


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("CL-15", "inconsistent"),
        ("CL-DEEP", "not checkable"),
        ("CL-700", "not comparable"),
        ("CL-700-15", "inconsistent"),
        ("CL-RESERVES", "not checkable"),
        ("CL-AGE", "inconsistent"),
        ("CL-FEEDS", "inconsistent"),
        ("CL-CUSTOMS", "not comparable"),
        ("CL-EXPORTER", "not checkable"),
        ("CL-PRODUCER", "consistent"),
        ("CL-PRICE", "mistimed"),
        ("CL-US63", "consistent"),
        ("CL-GROWTH", "not checkable"),
        ("CL-FINISHED", "not checkable"),
        ("CL-52", "inconsistent"),
        ("CL-FIRST", "not checkable"),
        ("CL-02MG", "inconsistent"),
        ("CL-KON-42", "inconsistent"),
        ("CL-KON-16", "inconsistent"),
    ],
)
def test_each_claim_of_the_public_story_has_its_finding(findings, claim, finding):
    assert findings[claim].finding == finding


def test_every_finding_shows_a_sum_or_says_why_not_and_cites_a_source(findings):
    for finding in findings.values():
        assert finding.arithmetic and finding.evidence, finding.id
        assert finding.sources and all(finding.sources), finding.id
        assert "nan" not in f"{finding.arithmetic} {finding.evidence}".lower().split(), finding.id


def test_customs_words_differ_first_and_the_ceiling_is_conditional(findings):
    customs = findings["CL-CUSTOMS"]
    assert customs.evidence.startswith("The product words differ (antimony; antimony ore")
    assert "Only if all of it were concentrate" in customs.evidence
    assert "0.717" in customs.evidence and "2 of 3 periods" in customs.evidence
    # 102.3e6 / 9300, 107e6 / 10600, 14e6 / 4300
    for unit_value in ("11,000", "10,094", "3,256"):
        assert unit_value in customs.arithmetic


def test_one_product_word_leaves_the_ceiling_to_decide(facts):
    same = facts.market.customs.assign(product_class="concentrate", product_words="concentrate")
    one = replace(facts, market=replace(facts.market, customs=same))
    assert ask(one, "unit_values", periods=["2022", "2023"]).finding == "inconsistent"
    assert ask(one, "unit_values", periods=["nine months of 2024"]).finding == "consistent"


def test_the_price_had_moved_before_the_control_and_before_its_announcement(findings):
    price = findings["CL-PRICE"]
    # (19000 - 12000) / 8000 = 87.5 %; 23 May to 15 September is 115 days, to 15 August 84
    assert "88 % of the move was done by 2024-05-23, 115 days before" in price.arithmetic
    assert "84 before its announcement" in price.arithmetic
    assert "18,500 to 19,500 USD/t (Rotterdam" in price.evidence


def price_move(facts, **changed):
    asked = {
        "event_date": "2024-09-15",
        "from_usd_per_t": 12000.0,
        "to_usd_per_t": 20000.0,
        "markets": ["Rotterdam"],
    }
    return ask(facts, "price_move", **(asked | changed))


def test_a_market_quoted_on_two_tax_bases_is_not_read_as_one_series(facts):
    table = facts.market.prices.copy()
    one = table.index[(table["market"] == "Rotterdam") & (table["date"] == "2024-05-23")]
    table.loc[one, "vat"] = "included"
    mixed = replace(facts, market=replace(facts.market, prices=table))
    found = price_move(mixed)
    assert found.finding == "not checkable"
    assert "several bases" in found.evidence and "VAT included, USD" in found.evidence
    both = price_move(mixed, markets=["Rotterdam", "US cif"])
    assert both.finding != "not checkable" and "several bases" in both.evidence
    assert "Rotterdam:" not in both.arithmetic


MOVE = (
    ONE + 'check = "price_move"\n[claim.parameters]\nfrom_usd_per_t = 12000.0\n'
    'to_usd_per_t = 20000.0\nmarkets = ["Rotterdam"]\n'
)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('event_date = "2024-9-15"', 'event_date: "2024-9-15" is not a day; write 2026-01-01'),
        ('event_date = "2024-02-30"', '"2024-02-30" is not a day'),
        ('event_date = "2024-09"', '"2024-09" is not a day'),
        ("event_date = 2024-09-15T10:00:00", "without a time of day"),
        ('event_date = "2024-09-15"\nannounced_date = "soon"', 'announced_date: "soon" is not'),
    ],
)
def test_a_day_that_is_none_is_found_when_the_claims_are_read(tmp_path, lines, words):
    (problem,) = read_claims(write(tmp_path, MOVE + lines + "\n")).problems
    assert words in str(problem)


@pytest.mark.parametrize("day", ["2024-09-15", '"2024-09-15"'])
def test_a_day_may_be_a_date_or_text(tmp_path, day):
    assert read_claims(write(tmp_path, MOVE + f"event_date = {day}\n")).problems == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("to_usd_per_t = 20000.0", "to_usd_per_t = 12000.0", "are equal: that is no move"),
        ("from_usd_per_t = 12000.0", "from_usd_per_t = 0.0", "greater than 0"),
        ("from_usd_per_t = 12000.0", "from_usd_per_t = nan", "from_usd_per_t"),
    ],
)
def test_a_move_that_is_none_is_found_when_the_claims_are_read(tmp_path, old, new, words):
    text = MOVE.replace(old, new) + 'event_date = "2024-09-15"\n'
    (problem,) = read_claims(write(tmp_path, text)).problems
    assert words in str(problem) and not str(problem).endswith("key .")


def test_the_first_place_rests_on_the_ministrys_own_figure_and_is_checked_by_nothing(findings):
    first = findings["CL-FIRST"]
    assert "MCS 2023 (quoted): place 1 beside 4 listed countries" in first.arithmetic
    assert "MCS 2026: place 2" in first.arithmetic and "behind China" in first.arithmetic
    assert "gives no figure for Tajikistan" in first.evidence
    assert "600,000 t (Ministry of Industry, 2023) alone" in first.evidence
    assert any("kckc.org.cn" in source for source in first.sources)


@pytest.mark.parametrize(
    ("asked", "finding"),
    [
        ({"rank": 1, "edition": "MCS 2026"}, "inconsistent"),  # even its own figure is second
        ({"rank": 2, "edition": "MCS 2026"}, "inconsistent"),  # its row there is far below
        ({"rank": 9, "edition": "MCS 2026"}, "consistent"),
        ({"rank": 1, "edition": "MCS 1999"}, "not checkable"),
        ({"rank": 2, "edition": "MCS 2023 (quoted)"}, "not checkable"),
    ],
)
def test_a_place_by_reserves_is_judged_by_the_edition_of_its_day(facts, asked, finding):
    assert ask(facts, "reserve_rank", country="Tajikistan", **asked).finding == finding


def test_a_table_quoted_in_part_is_no_world(findings):
    share = findings["CL-52"]
    assert "MCS 2023" not in share.arithmetic and "MCS 2025" in share.arithmetic
    assert share.finding == "inconsistent"


def test_customs_name_the_price_sources_and_a_part_of_a_year(findings):
    customs = findings["CL-CUSTOMS"]
    assert customs.arithmetic.count("a part of the year against the whole year's") == 1
    assert customs.arithmetic.endswith("a part of the year against the whole year's.")
    assert any("USGS Mineral Commodity Summaries 2026" in source for source in customs.sources)


def test_rich_ore_sold_as_ore_is_not_called_concentrate(findings):
    chain = findings["CL-FINISHED"]
    assert "ore: 0.69 to 0.70 of the metal" in chain.arithmetic
    assert "concentrate:" not in chain.arithmetic
    assert "found for concentrate and oxide" in chain.evidence


def test_the_small_grade_is_named_for_what_it_is(findings):
    small = findings["CL-02MG"]
    assert "crustal abundance" in small.evidence
    assert any("tajikistannewsgazette" in source for source in small.sources)


def test_a_rich_part_is_not_excluded_by_a_mean(findings):
    assert "as a mean of the fields; a rich part" in findings["CL-15"].arithmetic


def test_notes_of_no_row_are_refused(facts):
    lost = Claim(id="L", claim="c", said_by="s", date="2024", check="plant_age",
                 parameters={"plant": "anzob", "since_year": 1949},
                 notes_of=["plants:NOWHERE"])  # fmt: skip
    with pytest.raises(DataError, match="plants:NOWHERE"):
        check_claims([lost], facts)


def test_a_move_that_follows_its_event_is_consistent(facts):
    after = ask(
        facts,
        "price_move",
        event_date="2024-02-15",
        from_usd_per_t=12000.0,
        to_usd_per_t=20000.0,
        markets=["Rotterdam"],
    )
    assert after.finding == "consistent"
    never = ask(
        facts,
        "price_move",
        event_date="2022-12-31",
        from_usd_per_t=12000.0,
        to_usd_per_t=20000.0,
        markets=["Rotterdam"],
    )
    assert never.finding == "inconsistent"
    nowhere = ask(
        facts,
        "price_move",
        event_date="2022-12-31",
        from_usd_per_t=1.0,
        to_usd_per_t=2.0,
        markets=["the moon"],
    )
    assert nowhere.finding == "not checkable"


def test_metal_of_the_claimed_feed_is_88_to_127_per_cent_of_the_world(findings):
    metal = findings["CL-700-15"]
    assert "105,000 t Sb a year" in metal.arithmetic
    for share in ("127 % of the world in 2023 (MCS 2024)", "88 % of the world in 2024 (MCS 2026)"):
        assert share in metal.evidence


@pytest.mark.parametrize(
    "claim", ["CL-700-15", "CL-EXPORTER", "CL-PRODUCER", "CL-US63", "CL-52", "CL-FIRST"]
)
def test_a_text_that_compares_two_editions_says_so(findings, claim):
    assert "Compares editions that revise one another: MCS" in findings[claim].evidence


def test_a_rank_is_judged_by_the_edition_of_its_day_and_shown_for_the_others(facts, findings):
    assert "MCS 2024: place 2" in findings["CL-PRODUCER"].evidence
    assert "no other country can be above" in findings["CL-PRODUCER"].evidence
    asked = {"country": "Tajikistan", "measure": "production", "year": 2024, "rank": 2}
    assert ask(facts, "rank", **asked).finding == "inconsistent"  # the editions disagree
    assert ask(facts, "rank", **asked, edition="MCS 2025").finding == "consistent"
    assert ask(facts, "rank", **asked, edition="MCS 2026").finding == "inconsistent"
    wrong = ask(facts, "rank", **asked, edition="MCS 2025", values_t={"Tajikistan": 99.0})
    assert wrong.finding == "inconsistent"


def test_a_share_of_imports_is_not_judged_by_an_edition_that_came_later(facts):
    table = facts.market.import_shares
    later = replace(facts.market, import_shares=table[table["edition"] == "MCS 2026"])
    asked = {"country": "China", "product": "metal and oxide", "share_pct": 63.0, "said_in": 2024}
    assert ask(replace(facts, market=later), "import_share", **asked).finding == "not checkable"


def test_the_promoted_triple_is_3_8_times_its_metal(findings):
    assert "3.8 times the stated 264,616 t" in findings["CL-KON-42"].arithmetic


@given(sb_pct=st.floats(0.001, 71.0))
def test_a_grade_is_consistent_exactly_inside_the_published_range(facts, sb_pct):
    grades = facts.evidence.grade_reports
    bulk = grades[grades["field"] == "konchoch"]
    low, high = bulk["sb_pct_low"].min(), bulk["sb_pct_high"].max()
    finding = ask(facts, "grade", sb_pct=sb_pct, fields=["konchoch"]).finding
    assert finding == ("consistent" if low <= sb_pct <= high else "inconsistent")


def test_a_field_without_a_stated_reserve_cannot_hold_a_share(facts):
    both = ask(facts, "concentration", fields=["konchoch", "jijikrut"], country="Tajikistan")
    assert both.finding == "not checkable" and "jijikrut" in both.evidence
    assert (
        ask(facts, "concentration", fields=["konchoch"], country="Tajikistan").finding
        == "consistent"
    )


def test_no_figure_is_hard_coded_the_sum_follows_the_tables(facts):
    halved = facts.market.usgs.assign(value_t_sb=facts.market.usgs["value_t_sb"] / 2)
    market = replace(facts.market, usgs=halved)
    metal = ask(
        replace(facts, market=market),
        "metal_output",
        ore_t_per_year=700000.0,
        sb_pct=15.0,
        country="Tajikistan",
    )
    assert "253 % of the world in 2023 (MCS 2024)" in metal.evidence


def test_a_reference_to_no_row_is_refused(facts):
    lost = Claim(
        id="L",
        claim="c",
        said_by="s",
        date="2024",
        check="plant_age",
        parameters={"plant": "anzob", "since_year": 1949},
        evidence=["plants:NOWHERE", "moon:1"],
    )
    with pytest.raises(DataError, match=r"plants:NOWHERE[\s\S]*moon:1"):
        check_claims([lost], facts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ONE + 'check = "grad"\n', 'unknown check; found grad.*Did you mean "grade"'),
        (
            ONE + 'check = "grade"\nparameters = { sb_pc = 15, fields = [] }\n',
            'Did you mean "sb_pct"',
        ),
        (
            ONE + 'check = "grade"\nparameters = { sb_pct = "15", fields = [] }\n',
            "valid number; found 15",
        ),
        (ONE + 'check = "grade"\nsource = "x"\n', "unknown key"),
        ('[[claim]]\nid = "A"\n', "key said_by: the key is missing"),
        ("claims = 1\n", "not a key of a claims file"),
        ("[[claim]\n", "not TOML"),
    ],
)
def test_a_claims_file_that_cannot_be_right_is_worded(tmp_path, text, words):
    checked = read_claims(write(tmp_path, text))
    assert checked.value is None
    with pytest.raises(DataError, match=words):
        checked.or_raise()


def test_a_missing_file_and_a_repeated_identifier_are_worded(tmp_path):
    assert "No such file" in str(read_claims(tmp_path / "none.toml").problems[0])
    one = ONE + 'check = "not_published"\nparameters = { needed = ["x"] }\n'
    assert "repeats" in str(read_claims(write(tmp_path, one + one)).problems[0])


def test_every_check_is_used_by_a_shipped_claim(facts):
    claims = read_claims(DATA / "evidence" / "claims.toml").or_raise()
    assert {claim.check for claim in claims} == set(CHECKS)
