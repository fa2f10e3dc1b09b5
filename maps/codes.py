"""Which words have the codes in a column, and which labels are the tool's own?

Names of places, sources and sentences of evidence stay as they were given. A code such as
``settlement`` stays in the file, where others look for it, and is shown in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from maps.languages import Translate

if TYPE_CHECKING:
    import geopandas as gpd

#: Columns that hold names, identifiers and sentences.
GIVEN = frozenset(
    {
        *("id", "name", "title", "field", "stope", "hole_id", "aliases", "owner", "file"),
        *("source", "note", "field_missing", "field_resource", "plan_missing", "map_label"),
        "drawn_as",  # its words are those of the legend
    }
)
#: A column of more different values than this holds no codes.
MOST = 20
#: Layers whose labels are put together by this tool, by role.
OWN_LABELS = frozenset({"pit_outline", "location_uncertainty", "terrain_contours"})
#: Layers whose features are named by this tool.
OWN_NAMES = frozenset({"pit_outline", "block_model_outline"})
_CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")


def words_of_codes(
    role: str, features: gpd.GeoDataFrame, translate: Translate
) -> Mapping[str, Mapping[str, str]]:
    """Find the columns that hold codes, and say each code in words.

    Parameters
    ----------
    role : str
        Name of the layer, with or without a mark.
    features : GeoDataFrame
        Features with their attributes.
    translate : callable
        Writes labels in the language of the study.

    Returns
    -------
    mapping
        Column -> code -> words, of every value of a column where words and code differ.
    """
    import pandas as pd

    found = {}
    given = GIVEN - {"name"} if _bare(role) in OWN_NAMES else GIVEN
    for name in features.columns:
        values = features[name]
        if name == "geometry" or name in given or pd.api.types.is_numeric_dtype(values):
            continue
        codes = sorted({v for v in values.dropna() if isinstance(v, str)})
        if not codes or len(codes) > MOST:
            continue
        told = {code: translate(_spaced(code)) for code in codes}
        if any(code != said for code, said in told.items()):
            found[str(name)] = told
    return found


def own_label(role: str, label: object, translate: Translate) -> object:
    """Write a label in another language where this tool has put it together; names stay.

    Parameters
    ----------
    role : str
        Name of the layer, with or without a mark.
    label : str or None
        What is written beside a feature.
    translate : callable
        Writes labels in the language of the study.

    Returns
    -------
    str or None
        The label.
    """
    own = _bare(role) in OWN_LABELS
    return translate(label) if own and isinstance(label, str) else label


def _bare(role: str) -> str:
    return role.removeprefix("synthetic_")


def _spaced(code: str) -> str:
    return code.replace("_", " ") if _CODE.fullmatch(code) else code
