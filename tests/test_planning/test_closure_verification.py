"""Does the proof fail whenever something is wrong with a pit, and never when all is right?"""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.closures import cones, families

from planning.limits.answers import FlowCertificate
from planning.limits.pit import ultimate_pit
from planning.limits.precedence import ConePrecedence, arc_precedence, as_arcs
from planning.limits.shells import nested_pits, nested_shells
from planning.verification.closures import verify_nested, verify_pit

SOURCE = Path(__file__).parents[2] / "planning" / "verification" / "closures.py"
NOUNS = {"planning.limits.answers", "planning.limits.precedence"}


def problem(seed=5, kind="cones"):
    """Values, precedence and pit, with ore and waste on both sides of the wall."""
    values, precedence = families(seed)[kind]
    pit = ultimate_pit(values, precedence)
    assert 0 < pit.mined.sum() < pit.n_blocks
    return values, precedence, pit


def with_flow(pit, **changes):
    """The pit with another certificate."""
    return replace(pit, certificate=replace(pit.certificate, **changes))


def test_the_proof_imports_nouns_only():
    tree = ast.parse(SOURCE.read_text("utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in modules if name.startswith("planning")} == NOUNS


@pytest.mark.parametrize("family", sorted(families(0)))
@pytest.mark.parametrize("seed", [0, 9])
def test_every_familys_pit_is_proven(family, seed):
    values, precedence = families(seed)[family]
    pit = ultimate_pit(values, precedence)
    proof = verify_pit(values, precedence, pit)
    assert proof.holds, str(proof)
    assert proof.value_units == pit.value_units


@pytest.mark.parametrize("kind", ["cones", "cones, arc by arc", "random arcs"])
def test_a_pit_with_a_block_left_out_is_open(kind):
    values, precedence, pit = problem(kind=kind)
    arcs = as_arcs(precedence) if isinstance(precedence, ConePrecedence) else precedence
    inside = next(b for b in np.flatnonzero(pit.mined) if arcs.predecessors(b).size)
    mined = pit.mined.copy()
    mined[arcs.predecessors(inside)[0]] = False
    proof = verify_pit(values, precedence, replace(pit, mined=mined))
    assert not proof.holds
    assert any(f"{inside}" in v and "without all they need" in v for v in proof.violations)


def test_a_closed_pit_of_less_value_is_not_proven():
    values, precedence, pit = problem()
    nothing = replace(pit, mined=np.zeros_like(pit.mined), free=np.zeros_like(pit.free))
    honest = replace(nothing, value_units=0)
    assert not verify_pit(values, precedence, honest).violations
    assert not verify_pit(values, precedence, honest).holds
    assert verify_pit(values, precedence, nothing).violations


@pytest.mark.parametrize("kind", ["cones", "cones, arc by arc"])
def test_a_flow_on_no_arc_is_found(kind):
    values, precedence, pit = problem(kind=kind)
    head = pit.certificate.head.copy()
    head[0] = pit.certificate.tail[0]
    proof = verify_pit(values, precedence, with_flow(pit, head=head))
    assert any("no precedence" in sentence for sentence in proof.violations)
    turned = with_flow(pit, tail=pit.certificate.head, head=pit.certificate.tail)
    assert any("no precedence" in v for v in verify_pit(values, precedence, turned).violations)


def test_an_arc_of_another_zones_pattern_is_no_arc():
    cone = ConePrecedence(
        (2, 1, 2),
        (np.array([[0, 0, 1]]), np.array([[0, 0, 1], [1, 0, 1]])),
        np.array([0, 0, 0, 0], dtype=np.uint8),
    )
    values = np.array([5, 0, -1, -3])
    pit = ultimate_pit(values, cone)
    flow = FlowCertificate(np.array([0, 0]), np.array([2, 3]), np.array([1, 3]))
    proof = verify_pit(values, cone, replace(pit, certificate=flow))
    assert any("0 to 3" in sentence for sentence in proof.violations)


def test_an_arc_that_wraps_round_the_grids_edge_is_no_arc():
    cone = ConePrecedence((3, 2, 2), (np.array([[1, 0, 1]]),))
    values = np.zeros(12)
    values[2] = 1.0
    pit = ultimate_pit(values, cone)
    flow = FlowCertificate(np.array([2]), np.array([2 + 1 + 6]), np.array([1]))
    assert verify_pit(values, cone, replace(pit, certificate=flow)).violations


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "not whole and above 0"),
        (-1, "not whole and above 0"),
        (2**62, "more than all values"),
        (-(2**62), "more than all values"),
        (2**63 - 1, "more than all values"),
    ],
)
def test_amounts_that_cannot_be_are_found(amount, words):
    values, precedence, pit = problem()
    amounts = pit.certificate.amount.copy()
    amounts[0] = amount
    proof = verify_pit(values, precedence, with_flow(pit, amount=amounts))
    assert any(words in sentence for sentence in proof.violations)
    assert not proof.holds


def test_amounts_with_fractions_are_found():
    values, precedence, pit = problem()
    amounts = pit.certificate.amount.astype(np.float64)
    proof = verify_pit(values, precedence, with_flow(pit, amount=amounts))
    assert any("not whole" in sentence for sentence in proof.violations)


@pytest.mark.parametrize("change", [-1, 1])
@pytest.mark.parametrize("field", ["value_units", "bound_units"])
def test_figures_one_unit_off_are_found(field, change):
    values, precedence, pit = problem()
    wrong = replace(pit, **{field: getattr(pit, field) + change})
    assert len(verify_pit(values, precedence, wrong).violations) == 1


def test_a_flow_that_is_one_unit_short_does_not_prove():
    values, precedence, pit = problem()
    amounts = pit.certificate.amount.copy()
    amounts[np.argmax(amounts)] -= 1
    assert not verify_pit(values, precedence, with_flow(pit, amount=amounts)).holds


def test_another_value_of_one_block_is_found():
    values, precedence, pit = problem()
    for change in (-1, 1):
        other = values.copy()
        other[np.flatnonzero(pit.mined)[0]] += change
        assert not verify_pit(other, precedence, pit).holds


def test_free_blocks_must_be_worth_nothing_and_not_be_mined_too():
    values, precedence, pit = problem(2, "many ties and zeros")
    assert pit.free.any()
    wrong = pit.free.copy()
    wrong[np.flatnonzero(pit.mined)[0]] = True
    assert verify_pit(values, precedence, replace(pit, free=wrong)).violations
    loss = np.flatnonzero((values < 0) & ~pit.mined & ~pit.free)[0]
    wrong = pit.free.copy()
    wrong[loss] = True
    assert verify_pit(values, precedence, replace(pit, free=wrong)).violations


def test_more_rounding_than_stated_is_found():
    cone = cones((5, 5, 3))
    values = np.random.default_rng(0).normal(size=cone.n_blocks) * 1e6 / 3
    values[0] = 4e12
    pit = ultimate_pit(values, cone)
    assert verify_pit(values, cone, pit).holds
    less = replace(pit, rounding_bound=pit.rounding_bound * 0.99)
    assert any("rounding" in v for v in verify_pit(values, cone, less).violations)


def test_what_does_not_fit_together_is_said_not_raised():
    values, precedence, pit = problem()
    assert not verify_pit(values[:-1], precedence, pit).holds
    few = with_flow(pit, tail=pit.certificate.tail[:-1])
    assert not verify_pit(values, precedence, few).holds
    outside = pit.certificate.head.copy()
    outside[0] = pit.n_blocks
    assert not verify_pit(values, precedence, with_flow(pit, head=outside)).holds
    assert "violation" in str(verify_pit(values, precedence, few))


def family(factor):
    """Values of three blocks under one another, rising."""
    return np.array([3.0 * factor - 4.0, -1.0, 2.0 * factor - 1.0])


STACK = arc_precedence(3, [0, 1], [1, 2])


def test_shells_that_differ_from_their_pits_are_found():
    factors = [0.5, 1.0, 2.0, 3.0]
    shells = nested_shells(family, factors, STACK)
    pits = list(nested_pits(family, factors, STACK))
    assert verify_nested(family, STACK, shells, pits).holds
    later = shells.shell.copy()
    later[2] += 1
    for wrong in (
        replace(shells, shell=later),
        replace(shells, value_units=(*shells.value_units[:-1], 0)),
        replace(shells, bound_units=(shells.bound_units[0] + 1, *shells.bound_units[1:])),
        replace(shells, scale=1),
    ):
        assert not verify_nested(family, STACK, wrong, pits).holds
    assert not verify_nested(family, STACK, shells, pits[:-1]).holds
    assert not verify_nested(family, STACK, shells, [*pits, pits[-1]]).holds


def test_pits_that_are_not_nested_are_found():
    factors = [1.0, 3.0]
    shells = nested_shells(family, factors, STACK)
    pits = list(nested_pits(family, factors, STACK))
    smaller = replace(pits[1], mined=np.zeros(3, dtype=bool))
    proof = verify_nested(family, STACK, shells, [pits[0], smaller])
    assert any("lacks block 2 of the one before" in sentence for sentence in proof.violations)
    assert "violation" in str(proof)
