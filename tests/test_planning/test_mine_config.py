"""Is every mistake in the tables of a mine said at once, with its key?"""

import pytest
from support.small_mine import MINE, PIT, QUOTES, STOPES, loaded, write_mine


def sentences(path):
    return [str(problem) for problem in loaded(path).problems if problem.severity == "error"]


def test_a_sound_study_has_nothing_wrong_and_nothing_missing(tmp_path):
    mine = loaded(write_mine(tmp_path)).or_raise()
    assert mine.missing_for_pit == () and mine.missing_for_stopes == ()
    assert not mine.synthetic and mine.prefix == ""


def test_several_mistakes_come_together_with_their_keys(tmp_path):
    pit = PIT.replace("[0.4, 0.7, 1.0]", "[0.4, 0.7]")
    stopes = STOPES.replace("least_width_m = 4", "least_width_m = 40")
    mine = MINE.replace("throughput", "thruput")
    said = "\n".join(sentences(write_mine(tmp_path, pit=pit, stopes=stopes, mine=mine)))
    assert "factor 1 is missing" in said
    assert "key mine.thruput_t_per_year" in said and "throughput_t_per_year" in said
    assert "least_width_m is above most_width_m" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('classes = ["Indicated"]', 'classes = ["Indicated"]\nclass_field = "clas"', "class"),
        ("throughput_t_per_year = 20000", "throughput_t_per_year = 0", "throughput_t_per_year"),
        ("host_density_t_per_m3 = 2.7", "host_density_t_per_m3 = 2700", "host_density_t_per_m3"),
    ],
)
def test_a_slip_in_the_mine_names_its_key(tmp_path, old, new, said):
    assert any(
        f"mine.{said}" in s for s in sentences(write_mine(tmp_path, mine=MINE.replace(old, new)))
    )


def test_a_grade_the_model_does_not_have_is_named_with_a_guess(tmp_path):
    path = write_mine(tmp_path)
    text = path.read_text("utf-8").replace('sb = "sb_pct" }', 'sb = "sb_pct", au = "ua_gpt" }')
    path.write_text(text, "utf-8")
    said = [s for s in sentences(path) if "value.grades.au" in s]
    assert said and "au_gpt" in said[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("angle_deg = 45", "angle_deg = 90", "90"),
        ("angle_deg = 45", "angle_deg = 45, to_azimuth_deg = 300", "300"),
        ("{ angle_deg = 45 }", "{ angle_deg = 45 }, { angle_deg = 50, zone = 'or' }", "found or"),
    ],
)
def test_slopes_that_cannot_be_right_are_refused_before_any_work(tmp_path, old, new, said):
    found = sentences(write_mine(tmp_path, pit=PIT.replace(old, new)))
    assert any("key pit.slopes" in s and said in s for s in found), found


def test_a_layer_without_polygons_bounds_nothing(tmp_path):
    pit, stopes = PIT + 'within = "ground"\n', STOPES + 'exclude = ["ground"]\n'
    said = sentences(write_mine(tmp_path, pit=pit, stopes=stopes))
    wrong = [s for s in said if "holds no polygons" in s]
    assert len(wrong) == 2 and "pit.within" in wrong[0] and "stopes.exclude" in wrong[1]


def test_a_ground_too_small_for_the_pit_is_refused_before_any_work(tmp_path):
    path = write_mine(tmp_path, pit=PIT.replace("margin_m = 80", "margin_m = 700"))
    grid = "origin_m = [499990, 99990, 40]\nshape = [8, 8, 7]"
    text = path.read_text("utf-8").replace("topography =", f"{grid}\ntopography =")
    path.write_text(text, "utf-8")
    assert any("does not reach" in s and "margin_m" in s for s in sentences(path))


def test_a_rate_above_the_plant_is_a_warning(tmp_path):
    path = write_mine(tmp_path)
    plant = "nameplate_t_per_year = 20000\navailability_fraction = 0.9\n"
    text = path.read_text("utf-8").replace('name = "Mill"\n', f'name = "Mill"\n{plant}')
    path.write_text(text, "utf-8")
    said = [p for p in loaded(path).problems if "above what the plant" in p.fact]
    assert said and said[0].severity == "warning" and "18,000" in said[0].allowed


def test_antimony_goes_by_one_name_in_all_results(tmp_path):
    path = write_mine(tmp_path)
    text = path.read_text("utf-8").replace(
        'grades = { sb = "sb_pct" }', 'grades = { sb = "au_gpt" }'
    )
    path.write_text(text, "utf-8")
    assert any("value.grades.sb" in s and "allowed sb_pct" in s for s in sentences(path))


def test_a_mine_needs_a_pit_or_stopes(tmp_path):
    said = sentences(write_mine(tmp_path, pit="", stopes=""))
    assert any("neither a pit nor stopes" in s for s in said)


def test_a_missing_price_is_no_error_and_names_what_it_stops(tmp_path):
    mine = loaded(write_mine(tmp_path, price="")).or_raise()
    assert mine.missing_for_pit == ("economics.sb_price",)
    assert mine.missing_for_stopes == ("economics.sb_price",)


def test_stopes_by_grade_need_no_price(tmp_path):
    stopes = STOPES + 'objective = "grade"\ncutoff_sb_pct = 1\n'
    mine = loaded(write_mine(tmp_path, price="", stopes=stopes)).or_raise()
    assert mine.missing_for_stopes == () and mine.unpriced == ("economics.sb_price",)


def test_stopes_by_grade_need_their_cutoff(tmp_path):
    said = sentences(write_mine(tmp_path, stopes=STOPES + 'objective = "grade"\n'))
    assert any("needs cutoff_sb_pct" in s for s in said)


def test_without_ground_there_is_neither_a_pit_nor_a_crown_pillar(tmp_path):
    path = write_mine(tmp_path)
    path.write_text(path.read_text("utf-8").replace('topography = "ground"\n', ""), "utf-8")
    said = [s for s in sentences(path) if "blocks.topography" in s]
    assert said and "pit and stopes.crown_m" in said[0]


def test_layers_that_do_not_exist_are_named(tmp_path):
    stopes = STOPES + 'exclude = ["shafts"]\n'
    pit = PIT + 'within = "licenc"\n'
    said = "\n".join(sentences(write_mine(tmp_path, stopes=stopes, pit=pit)))
    assert "stopes.exclude" in said and "pit.within" in said


def test_one_limit_alone_leaves_the_other_out(tmp_path):
    mine = loaded(write_mine(tmp_path)).or_raise()
    assert mine.only("pit").config.stopes is None and mine.only("pit").config.pit is not None
    assert mine.only("stopes").config.pit is None


def quoted(tmp_path, market, date, more=""):
    (tmp_path / "prices.csv").write_text(QUOTES, "utf-8")
    table = f'[mine.sb_price_quote]\npath = "prices.csv"\nmarket = "{market}"\ndate = "{date}"\n'
    path = write_mine(tmp_path, price="", mine=MINE + table)
    if more:
        text = path.read_text("utf-8")
        path.write_text(text.replace("sb_payability", f"{more}\nsb_payability", 1), "utf-8")
    return loaded(path)


def test_a_price_can_come_from_a_dated_series(tmp_path):
    mine = quoted(tmp_path, "Rotterdam", "2026-03-06").or_raise()
    assert mine.terms.sb_price == pytest.approx(26_000) and mine.missing_for_pit == ()
    row = next(s for s in mine.terms.statements if s.key == "economics.sb_price")
    assert "Rotterdam" in row.source and row.kind == "derived"


def test_a_price_of_a_day_that_nobody_quoted_is_refused(tmp_path):
    said = [str(p) for p in quoted(tmp_path, "Rotterdam", "2027-01-01").problems]
    assert any("no price for that date" in sentence for sentence in said)


def test_a_price_in_another_currency_needs_a_stated_rate(tmp_path):
    assert any("CNY" in str(p) for p in quoted(tmp_path, "China domestic", "2026-03-05").problems)
    rate = 'exchange_rates = { CNY = { per_usd = 7.2, date = "2026" } }'
    mine = quoted(tmp_path, "China domestic", "2026-03-05", rate).or_raise()
    assert mine.terms.sb_price == pytest.approx(25_000)


def test_a_scenario_is_checked_as_a_whole_and_named(tmp_path):
    path = write_mine(tmp_path)
    more = "[scenario.steep.pit]\nslope_levels = 0\n[scenario.lean.mine]\nclasses = []\n"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    said = "\n".join(sentences(path))
    assert "scenario.steep.pit.slope_levels" in said and "scenario.lean.mine.classes" in said
