"""What does the planning storey refuse to do, and how does it say so?

::

    PlanningError
      BalanceError (DataError)   metal or mass that a plant cannot make
      QuoteError (DataError)     a price asked for where, when or on a basis nobody quoted

Both kinds of input error are also `deposits.errors.DataError`: they carry located problems with a
remedy, and one ``except`` at the front door catches them all.
"""

from __future__ import annotations

from deposits.errors import DataError


class PlanningError(Exception):
    """Anything this storey refuses to do."""


class BalanceError(PlanningError, DataError):
    """A mass balance that cannot be right."""


class QuoteError(PlanningError, DataError):
    """A price that the dated series does not hold; it is not guessed from others."""
