"""Are MineLib's files read as their specification says, and every mistake named with its line?"""

import dataclasses

import numpy as np
import pytest
from support.minelib import BLOCKS, CPIT, PCPSP, PREC, PROBLEMS, UPIT, instance

from deposits.errors import DataError
from planning.formats.minelib import read_instance, read_problem
from planning.formats.minelib_model import read_blocks, read_precedence
from planning.formats.minelib_solutions import read_solution
from planning.limits.minelib_problem import FORBIDDEN


def problem(folder, kind, text=None):
    return read_instance(instance(folder, **({kind: text} if text else {})), kind)


def refusals(checked):
    """Return the errors of something read, as one text."""
    assert checked.value is None
    assert checked.errors
    return "\n".join(map(str, checked.errors))


def same(found, other):
    assert found.name == other.name
    assert found.kind == other.kind
    assert found.discount_rate == other.discount_rate
    assert np.array_equal(found.objective, other.objective)
    assert np.array_equal(found.precedence.indices, other.precedence.indices)
    assert np.array_equal(found.lower, other.lower)
    assert np.array_equal(found.upper, other.upper)
    assert np.array_equal(found.use.amount, other.use.amount)
    assert np.array_equal(found.general.amount, other.general.amount)


def test_a_upit_is_values_and_arcs(tmp_path):
    read = problem(tmp_path, "upit").or_raise()
    assert (read.name, read.kind, read.n_blocks, read.n_periods) == ("Tiny", "upit", 5, 1)
    assert read.objective.tolist() == [[-2], [-2], [-2], [7], [2]]
    assert read.precedence.indptr.tolist() == [0, 0, 0, 0, 2, 4]
    assert read.precedence.indices.tolist() == [0, 1, 1, 2]
    assert read.n_resources == 0


def test_a_cpit_has_uses_and_limits_and_does_not_discount_period_0(tmp_path):
    read = problem(tmp_path, "cpit").or_raise()
    assert read.use.table(1, 5, 1)[:, 0].tolist() == [0, 0, 0, 11, 11]
    assert read.upper.tolist() == [[31, 31], [11, 11]]
    assert read.lower.tolist() == [[-np.inf, 0], [-np.inf, -np.inf]]
    assert read.discount_factors().tolist() == [1.0, 0.8]


def test_a_pcpsp_has_destinations_side_constraints_and_forbidden_places(tmp_path):
    read = problem(tmp_path, "pcpsp").or_raise()
    assert read.objective.shape == (5, 2)
    assert read.forbidden.tolist() == [[False, True]] + 4 * [[False, False]]
    assert read.general.amount.tolist() == [1.5, 1.5, -1]
    assert (read.general.lower.tolist(), read.general.upper.tolist()) == ([-0.5], [np.inf])
    assert read.pit_values().tolist() == [-2, -2, -2, 7, 2]


def test_a_block_that_may_go_nowhere_costs_more_than_all_others_earn(tmp_path):
    read = problem(tmp_path, "upit", UPIT.replace("0 -2", "0 -1.5e+20")).or_raise()
    assert read.pit_values().tolist() == [-10, -2, -2, 7, 2]
    marks = {-1.77e19: True, FORBIDDEN: True, 0.99 * FORBIDDEN: False, -5.36e6: False, 1e16: False}
    for value, forbidden in marks.items():
        text = UPIT.replace("0 -2", f"0 {value}")
        assert problem(tmp_path, "upit", text).or_raise().forbidden.any() == forbidden


@pytest.mark.parametrize("kind", PROBLEMS)
def test_blanks_tabs_and_colons_separate_and_many_separate_once(tmp_path, kind):
    plain = problem(tmp_path, kind).or_raise()
    lines = PROBLEMS[kind].splitlines()
    odd = "\n".join(" \t" + line.replace(" ", " :\t: ") + ":\t" for line in lines)
    same(problem(tmp_path, kind, odd).or_raise(), plain)


@pytest.mark.parametrize("kind", PROBLEMS)
def test_comments_empty_lines_and_line_ends_change_nothing(tmp_path, kind):
    plain = problem(tmp_path, kind).or_raise()
    text = PROBLEMS[kind].replace("\n", " % a comment: 5 x\r\n\r\n%% 7 7 7\r\n")
    arcs = PREC.replace("\n", "\r% no arcs here\r")
    marked = "\xef\xbb\xbf% before\r\n" + text
    folder = instance(tmp_path, **{kind: marked, "prec": arcs})
    same(read_instance(folder, kind).or_raise(), plain)


@pytest.mark.parametrize("kind", ["cpit", "pcpsp"])
def test_headers_sections_and_rows_stand_in_any_order(tmp_path, kind):
    plain = problem(tmp_path, kind).or_raise()
    heads, tables = [], []
    for line in PROBLEMS[kind].splitlines()[:-1]:
        if line.endswith(":"):
            tables.append([line])
        elif tables:
            tables[-1].insert(1, line)
        else:
            heads.insert(0, line)
    turned = [line for table in reversed(tables) for line in table]
    arcs = "\n".join(reversed(PREC.splitlines()))
    text = "\n".join([*turned, *heads, "EOF"])
    again = read_instance(instance(tmp_path, **{kind: text, "prec": arcs}), kind).or_raise()
    assert again.objective.tolist() == plain.objective.tolist()
    assert again.upper.tolist() == plain.upper.tolist()
    assert sorted(again.use.amount) == sorted(plain.use.amount)
    assert again.precedence.indices.tolist() == plain.precedence.indices.tolist()


def test_numbers_may_be_in_e_notation(tmp_path):
    text = UPIT.replace("0 -2", "0 -2.0E+0").replace("3 7", "3.0e0 +.7e1").replace(": 5", ": 5e0")
    same(problem(tmp_path, "upit", text).or_raise(), problem(tmp_path, "upit").or_raise())


def test_a_file_without_eof_is_forgiven_only_when_all_its_rows_can_be_counted(tmp_path):
    read = problem(tmp_path, "upit", UPIT.removesuffix("\nEOF\n"))
    assert [p.severity for p in read.problems] == ["warning"]
    assert "does not end with EOF" in str(read.problems[0])
    cut = problem(tmp_path, "upit", UPIT.removesuffix("4 2\nEOF\n"))
    assert "1 of 5, such as 4" in refusals(cut)
    assert [p.severity for p in cut.problems] == ["error", "warning"]
    lines = CPIT.splitlines()
    uses = lines.index("RESOURCE_CONSTRAINT_COEFFICIENTS:")
    limits = lines.index("RESOURCE_CONSTRAINT_LIMITS:")
    sparse_last = [*lines[:uses], *lines[limits:-1], *lines[uses:limits]]
    assert "does not end with EOF" in refusals(problem(tmp_path, "cpit", "\n".join(sparse_last)))
    cut_head = refusals(problem(tmp_path, "upit", "NAME: Tiny\nTYPE: UPIT\n"))
    assert "does not end with EOF" in cut_head
    assert "NBLOCKS is missing" in cut_head


@pytest.mark.parametrize(
    ("old", "new"), [("3 7", "3 x"), ("NBLOCKS: 5", "NBLOCKS: five"), ("TYPE: UPIT", "TYPE: MIP")]
)
def test_a_missing_eof_stays_a_warning_beside_any_other_mistake(tmp_path, old, new):
    text = UPIT.removesuffix("\nEOF\n")
    assert old in text
    read = problem(tmp_path, "upit", text.replace(old, new))
    ends = [p for p in read.problems if "does not end with EOF" in p.fact]
    assert [p.severity for p in ends] == ["warning"]
    assert "cut" not in str(ends[0])
    assert read.errors
    with pytest.raises(DataError) as caught:
        read.or_raise()
    assert str(caught.value).endswith("\nand 1 warning")


def test_rows_after_eof_are_refused_and_empty_lines_are_not(tmp_path):
    assert problem(tmp_path, "upit", UPIT + "\n \n%x\n").value is not None
    assert "tiny.upit, line 11" in refusals(problem(tmp_path, "upit", UPIT + "5 5\n"))


def change(old, new, kind="upit"):
    assert old in PROBLEMS[kind]
    return kind, PROBLEMS[kind].replace(old, new, 1)


NO_LIMITS = CPIT[: CPIT.index("RESOURCE_CONSTRAINT_LIMITS")] + "EOF\n"
MISTAKES = [
    (*change("NBLOCKS: 5", "NBLOCKS: 6"), "1 of 6, such as 5"),
    (
        *change("NBLOCKS: 5", "NBLOCKS: 4"),
        "line 9: there is no such block; found 4; allowed 0 to 3",
    ),
    (*change("NBLOCKS: 5", "NBLOCKS: 5.5"), "line 3: NBLOCKS cannot be right; found 5.5"),
    (*change("NBLOCKS: 5", "NBLOCKS: 0"), "line 3: NBLOCKS cannot be right"),
    (*change("NBLOCKS: 5", "NBLOCKS: 99999999999"), "found 99999999999"),
    (*change("NBLOCKS: 5\n", ""), "NBLOCKS is missing"),
    (*change("NAME: Tiny\n", ""), "NAME is missing"),
    (*change("NAME: Tiny", "NAME:"), "NAME is missing; allowed NAME:"),
    (*change("TYPE: UPIT\n", ""), "TYPE is missing"),
    (*change("TYPE: UPIT", "TYPE: CPIT"), "another type of problem; found CPIT; allowed UPIT"),
    (*change("NAME: Tiny", "NAME: Tiny\nNAME: Again"), "line 2: NAME stands twice"),
    (*change("NBLOCKS", "NBLOKS"), "Did you mean NBLOCKS?"),
    (
        *change("OBJECTIVE_FUNCTION:", "OBJECTIVE_FUNCTION: 0 -2"),
        "begin on the line of the keyword",
    ),
    (*change("NAME", "5 5\nNAME"), "line 1: rows stand under no table; found 5 5"),
    (*change("NBLOCKS: 5", "NBLOCKS: 5\n9 9"), "line 4: rows stand under no table"),
    (*change("OBJECTIVE_FUNCTION:\n", "OBJECTIVE_FUNCTION:\n3 7\n"), "line 9: a row stands twice"),
    (*change("3 7", "3 x7"), "line 8: this is not a number; found x7"),
    (*change("3 7", "3 7,5"), "line 8: this is not a number; found 7,5"),
    (*change("3 7", "3 7_5"), "line 8: this is not a number; found 7_5"),
    (*change("3 7", "3 nan"), "line 8: this is not a number; found nan"),
    (*change("3 7", "3 1e999"), "line 8: a number is infinite"),
    (*change("3 7", "3"), "line 8: a row has too few or too many numbers; found 1 numbers"),
    (*change("3 7", "3 7 7"), "found 3 numbers; allowed 2 numbers: b v1"),
    (*change("3 7", "3.5 7"), "line 8: there is no such block; found 3.5"),
    (*change("3 7", "-3 7"), "line 8: there is no such block; found -3"),
    (*change("3 7", "3\x007"), "line 8: this is not a number"),
    (*change("DISCOUNT_RATE: 0.25", "DISCOUNT_RATE: -1", "cpit"), "DISCOUNT_RATE cannot be right"),
    (*change("DISCOUNT_RATE: 0.25", "DISCOUNT_RATE: x", "cpit"), "found x"),
    (*change("NPERIODS: 2", "NPERIODS: 1", "cpit"), "line 23: there is no such period; found 1"),
    (*change("3 1 11", "3 2 11", "cpit"), "there is no such resource; found 2; allowed 0 to 1"),
    (*change("3 1 11", "3 0 11", "cpit"), "a row stands twice; found block 3, resource 0"),
    (*change("0 0 L 31", "0 0 L", "cpit"), "line 22: this is no limit; found L"),
    (*change("0 0 L 31", "0 0 L 31 5", "cpit"), "this is no limit"),
    (*change("0 0 L 31", "0 0 E 31", "cpit"), "this is no limit; found E 31"),
    (*change("0 0 L 31", "0 0 L nan", "cpit"), "this is no limit; found L nan"),
    (*change("0 0 L 31", "0 0", "cpit"), "this is no limit; found nothing"),
    (*change("0 0 L 31", "0", "cpit"), "line 22: a row is cut"),
    (*change("0 1 I 0 31", "0 1 I 31 0", "cpit"), "no amount lies within the limit"),
    (*change("0 1 I 0 31", "0 1 I 31", "cpit"), "this is no limit"),
    (*change("0 1 I 0 31", "0 0 L 31", "cpit"), "the limit of line 22 is stated again"),
    (*change("3 1 0 11", "3 2 0 11", "pcpsp"), "there is no such destination; found 2"),
    (*change("4 -3 2", "4 2", "pcpsp"), "allowed 3 numbers: b v1 v2"),
    (*change("3 1 1 0 1.5", "3 1 2 0 1.5", "pcpsp"), "there is no such period; found 2"),
    (*change("3 1 1 0 1.5", "3 1 0 0 1.5", "pcpsp"), "a row stands twice"),
    (*change("0 G -0.5", "1 G -0.5", "pcpsp"), "there is no such side constraint; found 1"),
    (
        *change("NGENERAL_SIDE_CONSTRAINTS: 1", "NGENERAL_SIDE_CONSTRAINTS: 0", "pcpsp"),
        "the head says that there is no table GENERAL_CONSTRAINT_COEFFICIENTS",
    ),
    ("cpit", NO_LIMITS, "the table RESOURCE_CONSTRAINT_LIMITS is missing"),
    (
        *change("NRESOURCE_SIDE_CONSTRAINTS: 2", "NRESOURCE_SIDE_CONSTRAINTS: 99999999", "cpit"),
        "too many limits",
    ),
]


@pytest.mark.parametrize(("kind", "text", "says"), MISTAKES, ids=[m[2][:60] for m in MISTAKES])
def test_a_mistake_is_named_with_its_line(tmp_path, kind, text, says):
    assert says in refusals(problem(tmp_path, kind, text))


def test_all_mistakes_of_both_files_are_told_at_once_and_repetitions_counted(tmp_path):
    rows = "".join(f"{b} x\n" for b in range(5))
    text = UPIT.split("0 -2")[0].replace("UPIT", "CPIT") + rows + "EOF\n"
    said = refusals(read_instance(instance(tmp_path, upit=text, prec="0 0\n1 1 9\n"), "upit"))
    assert "another type of problem" in said
    assert "line 5 and 4 more: this is not a number" in said
    assert "there is no such block; found 9" in said
    assert "blocks have no row; found 3 of 5, such as 2, 3, 4" in said
    many = UPIT.replace("0 -2", "0 x\n" * 40 + "0 -2")
    assert "and 35 more" in refusals(problem(tmp_path, "upit", many))


def test_a_limit_that_is_not_stated_is_none_and_said(tmp_path):
    read = problem(tmp_path, "cpit", CPIT.replace("0 1 I 0 31\n", ""))
    assert read.or_raise().upper.tolist() == [[31, np.inf], [11, 11]]
    assert "limits are not stated and taken as none; found 1 of 4" in str(read.problems[0])


def test_a_limit_may_be_infinite_on_its_open_side_only(tmp_path):
    read = problem(tmp_path, "cpit", CPIT.replace("0 1 I 0 31", "0 1 I -Infinity 31"))
    assert read.or_raise().lower[0, 1] == -np.inf
    closed = CPIT.replace("0 1 I 0 31", "0 1 L -inf")
    assert "no amount lies within" in refusals(problem(tmp_path, "cpit", closed))


def test_a_header_of_another_type_is_passed_over_and_said(tmp_path):
    read = problem(tmp_path, "upit", UPIT.replace("NBLOCKS", "NPERIODS: 3\nNBLOCKS"))
    assert read.or_raise().n_periods == 1
    assert "NPERIODS has no meaning in a UPIT file" in str(read.problems[0])


ARC_MISTAKES = [
    (PREC.replace("3 2 0 1", "3 3 0 1"), "line 4: a row holds another number of predecessors"),
    (PREC.replace("3 2 0 1", "3 1 0 1"), "says 1, holds 2"),
    (PREC.replace("3 2 0 1", "3"), "line 4: a row holds another number"),
    (PREC.replace("3 2 0 1", "3 2 0 7"), "line 4: there is no such block; found 7"),
    (PREC.replace("3 2 0 1", "3 2 0 3"), "line 4: a block is its own predecessor; found block 3"),
    (PREC.replace("3 2 0 1", "3 2 0 nan"), "this is not a number; found nan"),
    (PREC.replace("3 2 0 1", "4 2 0 1"), "line 5: a block has two rows; found block 4"),
    (PREC.replace("3 2 0 1\n", ""), "blocks have no row; found 1 of 5, such as 3"),
    (PREC.replace("2 0\n", "2 1 4\n"), "in a circle"),
]


@pytest.mark.parametrize(("text", "says"), ARC_MISTAKES, ids=[m[1][:50] for m in ARC_MISTAKES])
def test_a_mistake_in_the_arcs_is_named_with_its_line(tmp_path, text, says):
    (tmp_path / "a.prec").write_text(text)
    said = refusals(read_precedence(tmp_path / "a.prec", 5))
    assert says in said
    assert said.startswith("a.prec")


def test_a_circle_is_shown_in_the_order_of_its_arcs(tmp_path):
    (tmp_path / "a.prec").write_text("0 1 1\n1 1 2\n2 1 0\n")
    said = refusals(read_precedence(tmp_path / "a.prec", 3))
    turns = ("0 needs 1 needs 2 needs 0", "1 needs 2 needs 0 needs 1", "2 needs 0 needs 1 needs 2")
    assert any(turn in said for turn in turns)


def test_a_predecessor_named_twice_counts_once_and_is_said(tmp_path):
    (tmp_path / "a.prec").write_text(PREC.replace("3 2 0 1", "3 3 0 1 0"))
    read = read_precedence(tmp_path / "a.prec", 5)
    assert read.or_raise().indices.tolist() == [0, 1, 1, 2]
    assert "a predecessor stands twice" in str(read.problems[0])


def test_blocks_keep_text_as_text_and_numbers_as_numbers_in_the_order_of_ids(tmp_path):
    turned = "\n".join(reversed(BLOCKS.splitlines()))
    for text in (BLOCKS, turned):
        table = read_blocks(instance(tmp_path, blocks=text) / "tiny.blocks").or_raise().table
        assert list(table.columns) == ["id", "x", "y", "z", "f1", "f2"]
        assert table["id"].tolist() == [0, 1, 2, 3, 4]
        assert table["f1"].tolist() == [10.5, 10, 10, 11, 11]
        assert table["f2"].tolist() == ["AIR", "OXIDE", "OXIDE", "ORE", "ORE"]


def test_a_line_of_column_names_names_the_columns_and_is_said(tmp_path):
    path = instance(tmp_path, blocks="id x y z tonnes rock\n" + BLOCKS) / "tiny.blocks"
    read = read_blocks(path)
    assert list(read.or_raise().table.columns) == ["id", "x", "y", "z", "tonnes", "rock"]
    assert "the first line names columns" in str(read.problems[0])


BLOCK_MISTAKES = [
    (BLOCKS.replace("3 0 0 0", "9 0 0 0"), "line 4: id cannot be right; found 9"),
    (BLOCKS.replace("3 0 0 0", "2 0 0 0"), "line 4: an id stands twice"),
    (BLOCKS.replace("3 0 0 0", "3 1 0 1"), "line 4: two blocks share a place"),
    (BLOCKS.replace("3 0 0 0", "3 0 0.5 0"), "line 4: y cannot be right; found 0.5"),
    (BLOCKS.replace("3 0 0 0", "3 0 0 top"), "line 4: z cannot be right; found top"),
    (BLOCKS.replace("3 0 0 0", "3 0 0"), "line 4: a row has too few or too many numbers"),
    ("0 1 2\n", "a block has no place; found 3 columns"),
    ("% nothing\n", "there are no blocks"),
]


@pytest.mark.parametrize(("text", "says"), BLOCK_MISTAKES, ids=[m[1] for m in BLOCK_MISTAKES])
def test_a_mistake_in_the_blocks_is_named_with_its_line(tmp_path, text, says):
    assert says in refusals(read_blocks(instance(tmp_path, blocks=text) / "tiny.blocks"))


def test_solutions_are_ids_or_rows_and_nothing_else(tmp_path):
    path = tmp_path / "a.sol"
    path.write_text("3\n0 % air\n\n1\n")
    read = read_solution(path, "upit").or_raise()
    assert (read.block.tolist(), read.fraction.tolist()) == ([3, 0, 1], [1, 1, 1])
    path.write_text("3 1 0 0.25\n3:0\t1 7.5E-1\n")
    read = read_solution(path, "pcpsp").or_raise()
    assert read.destination.tolist() == [1, 0]
    assert read.period.tolist() == [0, 1]
    assert read.fraction.tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("upit", "3 1\n", "line 1: a row has too few or too many numbers"),
        ("upit", "1\n3.5\n", "line 2: a block is no whole number; found 3.5"),
        ("upit", "three\n4 4\n", "line 2"),
        ("cpit", "3 0 0\n", "allowed 4 numbers: b d t fraction"),
        ("cpit", "3 0 0 NaN\n", "line 1: this is not a number; found NaN"),
        ("cpit", "3 0 0.5 1\n", "a period is no whole number; found 0.5"),
        ("cpit", "3 0 0 inf\n", "a fraction is infinite"),
    ],
)
def test_a_mistake_in_a_solution_is_named_with_its_line(tmp_path, kind, text, says):
    (tmp_path / "a.sol").write_text(text)
    assert says in refusals(read_solution(tmp_path / "a.sol", kind))


def test_an_empty_solution_mines_nothing(tmp_path):
    (tmp_path / "a.sol").write_text("")
    assert len(read_solution(tmp_path / "a.sol", "upit").or_raise().block) == 0


def test_the_files_of_an_instance_are_found_or_missed_by_name(tmp_path):
    assert "there is no such folder" in refusals(read_instance(tmp_path / "no", "upit"))
    said = refusals(read_instance(tmp_path, "upit"))
    assert "there is no .upit file" in said
    assert "there is no .prec file" in said
    instance(tmp_path)
    (tmp_path / "other.prec").write_text("0 0\n")
    assert read_instance(tmp_path, "upit").or_raise().n_blocks == 5
    (tmp_path / "other.upit").write_text(UPIT)
    assert "there are several .upit files; found other.upit, tiny.upit" in refusals(
        read_instance(tmp_path, "upit")
    )
    assert "does not exist" in refusals(
        read_problem(tmp_path / "no.upit", tmp_path / "tiny.prec", "upit")
    )


def test_errors_can_be_raised_with_every_sentence(tmp_path):
    with pytest.raises(DataError, match=r"there is no \.upit file[\s\S]*there is no \.prec file"):
        read_instance(tmp_path, "upit").or_raise()


def test_shapes_that_do_not_agree_make_no_problem(tmp_path):
    read = problem(tmp_path, "cpit").or_raise()
    with pytest.raises(ValueError, match="same blocks"):
        dataclasses.replace(read, objective=read.objective[:3])
    with pytest.raises(ValueError, match="one a resource and period"):
        dataclasses.replace(read, n_periods=3)


def test_what_was_read_shows_itself(tmp_path):
    assert "CPIT" in str(problem(tmp_path, "cpit").or_raise())
    assert "<table>" in problem(tmp_path, "pcpsp", PCPSP).or_raise()._repr_html_()
