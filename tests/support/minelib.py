"""Instances of MineLib small enough to be worked out by hand.

Five blocks: 3 lies under 0 and 1, 4 under 1 and 2. Mined together they are worth
-2 - 2 - 2 + 7 + 2 = 3; the best pit is {0, 1, 3}, also worth 3.
"""

from pathlib import Path

BLOCKS = """\
0 0 0 1 10.5 AIR
1 1 0 1 10 OXIDE
2 2 0 1 10 OXIDE
3 0 0 0 11 ORE
4 1 0 0 11 ORE
"""
PREC = """\
0 0
1 0
2 0
3 2 0 1
4 2 1 2
"""
UPIT = """\
NAME: Tiny
TYPE: UPIT
NBLOCKS: 5
OBJECTIVE_FUNCTION:
0 -2
1 -2
2 -2
3 7
4 2
EOF
"""
CPIT = """\
NAME: Tiny
TYPE: CPIT
NBLOCKS: 5
NPERIODS: 2
NRESOURCE_SIDE_CONSTRAINTS: 2
DISCOUNT_RATE: 0.25
OBJECTIVE_FUNCTION:
0 -2
1 -2
2 -2
3 7
4 2
RESOURCE_CONSTRAINT_COEFFICIENTS:
0 0 10
1 0 10
2 0 10
3 0 11
4 0 11
3 1 11
4 1 11
RESOURCE_CONSTRAINT_LIMITS:
0 0 L 31
0 1 I 0 31
1 0 L 11
1 1 L 11
EOF
"""
PCPSP = """\
NAME: Tiny
TYPE: PCPSP
NBLOCKS: 5
NPERIODS: 2
NDESTINATIONS: 2
NRESOURCE_SIDE_CONSTRAINTS: 1
NGENERAL_SIDE_CONSTRAINTS: 1
DISCOUNT_RATE: 0.25
OBJECTIVE_FUNCTION:
0 -2 -1E+19
1 -2 -5
2 -2 -5
3 -3 7
4 -3 2
RESOURCE_CONSTRAINT_COEFFICIENTS:
3 1 0 11
4 1 0 11
RESOURCE_CONSTRAINT_LIMITS:
0 0 L 11
0 1 L 11
GENERAL_CONSTRAINT_COEFFICIENTS:
3 1 0 0 1.5
3 1 1 0 1.5
4 1 1 0 -1
GENERAL_CONSTRAINT_LIMITS:
0 G -0.5
EOF
"""
PROBLEMS = {"upit": UPIT, "cpit": CPIT, "pcpsp": PCPSP}


def instance(folder: Path, **texts: str) -> Path:
    """Write the tiny instance into a folder, with some files' texts changed."""
    for ending, text in ({"blocks": BLOCKS, "prec": PREC} | PROBLEMS | texts).items():
        (folder / f"tiny.{ending}").write_bytes(text.encode("latin-1"))
    return folder
