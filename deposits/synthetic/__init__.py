"""What would an estimate say of a deposit whose every tonne is known?

A SYNTHETIC deposit of the jasperoid-stibnite type at an openly fictitious place, with its true
field kept. Nothing here describes any real deposit.

::

    deposit = make_deposit(DepositDesign())
    campaign = drill(deposit, Campaign())          # collars, surveys, assays, lithology
    truth = true_blocks(deposit, grid)             # what an estimate on the same grid is judged by
    curve = true_grade_tonnage(truth, cutoffs_sb_pct=[0, 1, 2])
    write_demo(folder, DepositDesign())            # the tables and layers of data/demo
"""

from __future__ import annotations

from deposits.synthetic.blocks import true_blocks, true_grade_tonnage
from deposits.synthetic.campaign import SyntheticTables, drill
from deposits.synthetic.design import Campaign, Companion, DepositDesign, Fault, Populations
from deposits.synthetic.files import write_demo
from deposits.synthetic.truth import (
    TrueDeposit,
    make_deposit,
)

__all__ = [
    "Campaign",
    "Companion",
    "DepositDesign",
    "Fault",
    "Populations",
    "SyntheticTables",
    "TrueDeposit",
    "drill",
    "make_deposit",
    "true_blocks",
    "true_grade_tonnage",
    "write_demo",
]
