"""What does the planning storey refuse to do, and how does it say so?

::

    PlanningError
      BalanceError (DataError)       metal or mass that a plant cannot make
      QuoteError (DataError)         a price asked for where, when or on a basis nobody quoted
      CyclicPrecedence (DataError)   blocks that each must be mined before the next, in a circle

All of these input errors are also `deposits.errors.DataError`: they carry located problems with a
remedy, and one ``except`` at the front door catches them all.
"""

from __future__ import annotations

from collections.abc import Sequence

from deposits.errors import DataError, Problem

#: Blocks of a circle that a message shows; the error keeps them all.
SHOWN = 20


class PlanningError(Exception):
    """Anything this storey refuses to do."""


class BalanceError(PlanningError, DataError):
    """A mass balance that cannot be right."""


class QuoteError(PlanningError, DataError):
    """A price that the dated series does not hold; it is not guessed from others."""


class CyclicPrecedence(PlanningError, DataError):
    """Blocks that need one another in a circle, so that none can be mined first.

    Parameters
    ----------
    cycle : sequence of int
        Block numbers in order: each needs the next one mined before it, the last needs the first.

    Examples
    --------
    >>> print(CyclicPrecedence([4, 7, 9]))
    - precedence: blocks need one another in a circle; found 4 needs 7 needs 9 needs 4; allowed \
precedence without a circle. Drop the arc that points downwards or was entered the wrong way round.
    """

    def __init__(self, cycle: Sequence[int]) -> None:
        self.cycle = tuple(int(block) for block in cycle)
        words = [str(block) for block in self.cycle[:SHOWN]]
        if len(self.cycle) > SHOWN:
            words.append(f"... ({len(self.cycle):,} blocks in all)")
        words.append(str(self.cycle[0]))
        problem = Problem(
            "blocks need one another in a circle",
            "precedence",
            " needs ".join(words),
            "precedence without a circle",
            "Drop the arc that points downwards or was entered the wrong way round.",
        )
        DataError.__init__(self, (problem,))
