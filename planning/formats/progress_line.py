"""What does a planner see while a plan is looked for: one line with best value and bound?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from planning.scheduling.answers import Progress, Say, relative_gap


@contextmanager
def progress_line(label: str) -> Iterator[Say]:
    """Show reports on one line of standard error, over and over; nothing where it is no terminal.

    Parameters
    ----------
    label : str
        What is planned.

    Yields
    ------
    callable
        Takes a `planning.scheduling.answers.Progress`; from any thread.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    with console.status(Text(label)) as status:

        def say(progress: Progress) -> None:
            line = Text(f"{label}: {words(progress)}", no_wrap=True, overflow="ellipsis")
            status.update(line)

        yield say


def words(progress: Progress) -> str:
    """Say one report in a line.

    Parameters
    ----------
    progress : Progress
        Money in the problem's currency.

    Returns
    -------
    str

    Examples
    --------
    >>> words(Progress(12.34, "window 3 of 19", 9.5e8, 1e9))
    '12 s, value 950,000,000, bound 1,000,000,000, gap 5.00 %, window 3 of 19'
    """
    parts = [f"{progress.seconds:.0f} s"]
    if progress.value is not None:
        parts.append(f"value {progress.value:,.0f}")
    if progress.bound is not None:
        parts.append(f"bound {progress.bound:,.0f}")
    gap = relative_gap(progress.value, progress.bound)
    if gap is not None:
        parts.append(f"gap {100.0 * gap:.2f} %")
    return ", ".join([*parts, progress.what])
