"""How does a DXF file come out the same every time, and what may stand in its texts?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: What DXF forbids in the name of a layer, and blanks, which older programs do not read.
FORBIDDEN = str.maketrans(dict.fromkeys('<>/\\":;?*=`|, ', "_"))


@contextmanager
def fixed_dates() -> Iterator[None]:
    """Let ezdxf write no dates and random numbers, so that equal drawings give equal bytes."""
    from ezdxf._options import options

    before = options.write_fixed_meta_data_for_testing
    options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        options.write_fixed_meta_data_for_testing = before


def order_classes(drawing: Any) -> None:
    """Declare the classes of the entities in one order: ezdxf takes them from a set of texts.

    Parameters
    ----------
    drawing : ezdxf.document.Drawing
        All its entities are in it.
    """
    drawing.classes.add_required_classes(drawing.dxfversion)
    ordered = sorted(drawing.classes.classes.items())
    drawing.classes.classes.clear()
    drawing.classes.classes.update(ordered)


def one_line(value: object, most: int = 255) -> str:
    r"""Write a value as one line of text, because a line break would end its tag.

    Parameters
    ----------
    value : object
        Anything with words.
    most : int
        Characters that are kept.

    Returns
    -------
    str
        Without control characters, blanks put together.

    Examples
    --------
    >>> one_line("ore\n  0\nENTITY"), one_line("abc", 2)
    ('ore 0 ENTITY', 'ab')
    """
    words = " ".join(str(value).split())
    return "".join(c for c in words if unicodedata.category(c) != "Cc")[:most]


def layer_name(name: str) -> str:
    """Return a name that DXF allows for a layer, in capitals.

    Examples
    --------
    >>> layer_name("reserve blocks|C1")
    'RESERVE_BLOCKS_C1'
    """
    return one_line(name).translate(FORBIDDEN).upper() or "LAYER"
