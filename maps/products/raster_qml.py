"""How does QGIS colour the benches of a block model, the same way as the map page?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Coloured:
    """One class of a raster.

    Parameters
    ----------
    label : str
        Words of the legend.
    colour : str
        ``#rrggbb``.
    below : float
        Values below it belong to the class, infinity for the highest; of numbers.
    code : int, optional
        The one value of the class; of codes.
    """

    label: str
    colour: str
    below: float = math.inf
    code: int | None = None


def qml_of_benches(classes: Sequence[Coloured], band: int) -> str:
    """Write the QGIS style of a raster whose bands are benches.

    Parameters
    ----------
    classes : sequence of Coloured
        From low to high; all of codes or all of numbers.
    band : int
        Band that is shown first, from 1.

    Returns
    -------
    str
        XML.
    """
    codes = bool(classes) and classes[0].code is not None
    renderer = _of_codes(classes, band) if codes else _of_numbers(classes, band)
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology">\n'
        f"<pipe>\n{renderer}\n"
        '<rasterresampler maxOversampling="1"/>\n</pipe>\n<blendMode>0</blendMode>\n</qgis>\n'
    )


def _of_codes(classes: Sequence[Coloured], band: int) -> str:
    entries = "\n".join(
        f'<paletteEntry value="{c.code}" label={quoteattr(c.label)} color="{c.colour}" '
        'alpha="255"/>'
        for c in classes
    )
    return (
        f'<rasterrenderer type="paletted" band="{band}" opacity="1" alphaBand="-1">\n'
        f"<colorPalette>\n{entries}\n</colorPalette>\n</rasterrenderer>"
    )


def _of_numbers(classes: Sequence[Coloured], band: int) -> str:
    """Colour by steps. QGIS puts a value at a step below it; here it belongs to the class above."""
    items = "\n".join(
        f'<item value="{_just_below(c.below)}" label={quoteattr(c.label)} color="{c.colour}" '
        'alpha="255"/>'
        for c in classes
    )
    return (
        f'<rasterrenderer type="singlebandpseudocolor" band="{band}" opacity="1" alphaBand="-1" '
        'classificationMin="0" classificationMax="inf">\n<rastershader>\n'
        '<colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0">\n'
        f"{items}\n</colorrampshader>\n</rastershader>\n</rasterrenderer>"
    )


def _just_below(step: float) -> str:
    if math.isinf(step):
        return "inf"
    return repr(float(np.nextafter(np.float32(step), np.float32(-np.inf))))
