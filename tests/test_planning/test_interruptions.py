"""Does Ctrl-C end long compiled work soon, and as a KeyboardInterrupt?"""

import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from planning.kernels.stope_panels import Walls
from planning.limits.interruptions import interruptible
from planning.limits.stopes import cells, panels

# Work that would take minutes; "go" is said when compiled code is about to run.
PANELS = """
    import numpy as np
    from planning.limits.stopes import panels
    from planning.kernels.stope_panels import Walls

    runs = np.arange(40) - 20
    pairs = [np.full((40, 40), steps, np.int64) for steps in (3, 60, 1)]
    walls = Walls(runs.astype(np.int64), *pairs, np.zeros(40), np.zeros(40))
    cells = np.random.default_rng(0).normal(size=(4000, 1, 5, 400))
    sums = np.concatenate([np.zeros((4000, 1, 5, 1)), np.cumsum(cells, axis=3)], axis=3)

    @panels.interruptible()
    def work():
        panels._solve(sums, walls, 200, 0.0)

    panels._solve(sums[:1, :, :, :9].copy(), walls, 200, 0.0)
"""
CELLS = """
    import numpy as np
    from planning.limits.stopes import cells

    centre = np.random.default_rng(0).uniform(0.0, 500.0, size=(2_000_000, 3))
    rows = cells.Rows(centre, np.full_like(centre, 60.0), np.ones((len(centre), 4)))
    lattice = cells.Lattice(np.array([8.0, 4.0, 8.0]), 62, 125, 62, 0.8, 0.6)
    sums, outside = np.zeros((62, 62, 125, 4)), np.zeros(4)

    def work():
        cells._share_out(rows, lattice, sums, outside)

    few = cells.Rows(*(part[:1] for part in rows))
    cells._share_out(few, lattice, sums, outside)
"""
PIT = """
    import numpy as np
    from deposits.grid import Grid
    from planning.limits.shells import nested_shells, priced_values
    from planning.limits.slopes import cone_precedence, uniform_slope

    def cone(*shape):
        grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), shape)
        return cone_precedence(grid, {0: uniform_slope(45.0)})

    large = cone(200, 200, 60)
    values = np.random.default_rng(0).integers(-9, 9, large.n_blocks)

    def work():
        prices = -np.linspace(3.0, 0.0, 3000)
        nested_shells(priced_values(values, np.ones(len(values))), prices, large)

    nested_shells(priced_values(np.ones(8), np.ones(8)), [-2.0, 0.0], cone(2, 2, 2))
"""
ENDS = """
    print("go", flush=True)
    try:
        work()
    except KeyboardInterrupt:
        print("interrupted")
    else:
        print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.parametrize("script", [PANELS, CELLS, PIT], ids=["panels", "cells", "pit"])
def test_an_interruption_ends_compiled_work_as_keyboard_interrupt(script):
    program = textwrap.dedent(script) + textwrap.dedent(ENDS)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as work:
        assert work.stdout is not None
        assert work.stdout.readline() == "go\n"
        try:
            # Half a second into it, so that compiled code runs and not Python.
            with pytest.raises(subprocess.TimeoutExpired):
                work.wait(0.5)
            work.send_signal(signal.SIGINT)
            out, err = work.communicate(timeout=60)
        finally:
            work.kill()
    assert (out, err) == ("interrupted\n", "")


def raised_from(cause):
    """Raise the error that compiled code leaves behind, two links from its cause."""
    try:
        try:
            raise cause
        except BaseException as first:
            raise SystemError("unpickle returned a result with an exception set") from first
    except SystemError as second:
        raise SystemError("solve returned a result with an exception set") from second


def test_only_an_interruption_becomes_one():
    @interruptible()
    def work(cause):
        raised_from(cause)

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            work(KeyboardInterrupt())
    with pytest.raises(SystemError, match="solve returned"):
        work(ValueError())
    with pytest.raises(ValueError, match="own"), interruptible():
        raise ValueError("own")


def test_work_in_pieces_gives_the_same_bytes(monkeypatch):
    rng = np.random.default_rng(4)
    runs = np.arange(3) - 1
    pairs = [np.full((3, 3), steps, np.int64) for steps in (2, 5, 1)]
    walls = Walls(runs.astype(np.int64), *pairs, np.zeros(3), np.zeros(3))
    sums = panels.cumulative(rng.normal(size=(5, 7, 2, 20)))[:, None]
    rows = cells.Rows(
        rng.uniform(0.0, 50.0, (500, 3)), np.full((500, 3), 6.0), rng.normal(size=(500, 2))
    )
    lattice = cells.Lattice(np.array([5.0, 2.0, 5.0]), 9, 20, 8, 0.8, 0.6)

    def work():
        shared, outside = np.zeros((8, 9, 20, 2)), np.zeros(2)
        cells._share_out(rows, lattice, shared, outside)
        return [*panels._solve(sums, walls, 12, 0.0), shared, outside]

    whole = work()
    assert whole[1].sum() > 35
    monkeypatch.setattr(panels, "PANELS", 1)
    monkeypatch.setattr(cells, "ROWS", 7)
    pieces = work()
    assert [part.tobytes() for part in pieces] == [part.tobytes() for part in whole]
    assert [part.shape for part in pieces] == [part.shape for part in whole]
