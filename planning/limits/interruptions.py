"""How does Ctrl-C end compiled work as it ends any other: with KeyboardInterrupt?

Compiled code hears of an interruption when it returns, while its result is being handed over.
Python then reports a SystemError ("returned a result with an exception set") that only names the
interruption as its cause, links away. Long kernels are called piece by piece, so that this does not
take long, and under `interruptible`, so that it ends cleanly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn a SystemError that an interruption caused back into KeyboardInterrupt.

    Serves as a decorator too.

    Yields
    ------
    None

    Raises
    ------
    KeyboardInterrupt
        If that is what the error came from; any other error goes on as it is.
    """
    try:
        yield
    except SystemError as error:
        if _from_interruption(error):
            raise KeyboardInterrupt from None
        raise


def _from_interruption(error: BaseException) -> bool:
    """Tell whether an interruption stands at the end of an error's causes."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        if isinstance(link, KeyboardInterrupt):
            return True
        seen.add(id(link))
        link = link.__cause__ or link.__context__
    return False
