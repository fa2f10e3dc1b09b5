"""Does the tonnage command refuse cut-offs that cannot be, in one sentence?"""

import json

import pytest
from support.studies import TABLES, write_study
from typer import Context, Typer
from typer.testing import CliRunner

from deposits.cli import tonnage
from deposits.errors import DataError


class House:
    """What the front door hands to its commands."""

    default_study = None
    tables = TABLES


app = Typer()
app.command()(tonnage)


@app.callback()
def door(context: Context) -> None:
    context.obj = House()


def run(folder, cutoffs):
    return CliRunner().invoke(
        app, ["tonnage", str(write_study(folder)), "--json", "--cutoffs", cutoffs]
    )


@pytest.mark.parametrize(
    ("cutoffs", "said"),
    [
        ("80", "outside 0 to 71.7 % Sb"),
        ("-1", "outside 0 to 71.7 % Sb"),
        ("5,1", "must rise"),
        ("1,1", "must rise"),
        ("nan", "finite"),
        ("1,inf", "finite"),
        ("a", "not a list of numbers"),
        (",", "not a list of numbers"),
    ],
)
def test_cut_offs_that_cannot_be_are_refused_in_one_sentence(tmp_path, cutoffs, said):
    found = run(tmp_path, cutoffs)
    assert found.exit_code == 1
    assert isinstance(found.exception, DataError)
    (problem,) = found.exception.problems
    assert problem.place == "--cutoffs"
    assert said in str(problem)


def test_cut_offs_that_can_be_are_the_rows(tmp_path):
    found = run(tmp_path, "0, 1.5,15")
    assert found.exit_code == 0
    rows = json.loads(found.stdout)["grade_tonnage"]
    assert [r["cutoff_sb_pct"] for r in rows if r["field"] == "north"] == [0.0, 1.5, 15.0]
