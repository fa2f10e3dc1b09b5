"""What must stand on every sheet of a printed report, whichever sheet somebody takes out of it?

Boxes in the margins say it. Browsers that know none print the report without them.
"""

from __future__ import annotations

from maps.drawings.report_method import DRAFT
from maps.finished import INVENTED, Finished


def page_marks(finished: Finished) -> str:
    """Write the margins of the sheets of a report.

    Parameters
    ----------
    finished : Finished
        The study.

    Returns
    -------
    str
        CSS: SYNTHETIC and the disclaimer at the head of every sheet, the study and the number of
        the sheet at its foot, and over Table 1 that nobody has signed it.
    """
    say = finished.translate
    said = str((finished.summary.get("study") or {}).get("disclaimer") or "")
    invented = say(INVENTED) if finished.synthetic else ""
    head = " ".join(line for line in (invented, say(said)) if line)
    foot = finished.stamp.line(say)
    number = f'"{_quoted(say("Page"))} " counter(page) " / " counter(pages)'
    draft = _quoted(say(DRAFT))
    return (
        f'@page {{ @top-left {{ content: "{_quoted(head)}" }} '
        f'@bottom-left {{ content: "{_quoted(foot)}" }} @bottom-right {{ content: {number} }} }}'
        f'@page draft {{ @top-right {{ content: "{draft}" }} }}'
    )


def _quoted(words: str) -> str:
    r"""Write words inside a string of CSS; whatever could end it or the sheet is a code.

    Examples
    --------
    >>> _quoted('a "b" </style>')
    'a \\22 b\\22  \\3c \\2f style\\3e '
    """
    return "".join(c if c.isalnum() or c in " .,:;()%+-·" else f"\\{ord(c):x} " for c in words)
