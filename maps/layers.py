"""What must a thing on the map bring along, whoever draws it?

A `Layer` is the hinge between results and products: drawings make layers, products write them,
and neither knows the other. It knows nothing of folium or QGIS. A `Table` is its sibling without
geometry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from maps.codes import own_label, words_of_codes
from maps.errors import UnusableLayer
from maps.languages import Translate
from maps.style import CLASS_COLUMN, Style, Symbol
from maps.wording import words_for

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Field:
    """A column and what it is called.

    Parameters
    ----------
    name : str
        Column of the table, as files write it.
    alias : str
        Words for reading.
    unit : str
        Unit, or "".
    """

    name: str
    alias: str
    unit: str = ""

    @property
    def label(self) -> str:
        """Words and unit, as a heading."""
        return f"{self.alias}, {self.unit}" if self.unit else self.alias

    def translated(self, translate: Translate) -> Field:
        """Return the same column with words and unit in another language."""
        return replace(self, alias=translate(self.alias), unit=translate(self.unit))


def fields_of(
    columns: Sequence[str], words: Callable[[str], tuple[str, str]] = words_for
) -> tuple[Field, ...]:
    """Return a field with words and unit for every column."""
    return tuple(Field(str(column), *words(str(column))) for column in columns)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: its sign, its words, how many features it stands for."""

    label: str
    symbol: Symbol
    count: int


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Layer:
    """Features that are drawn, switched and written together.

    Parameters
    ----------
    name : str
        Name in files; the role it plays in the study.
    title : str
        Name for reading.
    group : str
        Heading under which it stands in a layer panel.
    features : GeoDataFrame
        Geometries and attributes, shape (n,), with a CRS.
    style : Style
        How it is drawn; classes are told apart by the column ``drawn_as``.
    fields : tuple of Field
        Words and units of the attributes.
    note : str
        One sentence a reader must not miss.
    label_field : str
        Attribute written beside the feature at all times; "" for none.
    cards : tuple of str
        Key of the result card each feature opens, shape (n,), "" for none; () for none at all.
    words : mapping
        Column -> code -> words that programs show instead of it.

    Raises
    ------
    UnusableLayer
        If the layer has no CRS, or lacks a column that its drawing needs.
    """

    name: str
    title: str
    group: str
    features: gpd.GeoDataFrame
    style: Style
    fields: tuple[Field, ...]
    note: str = ""
    label_field: str = ""
    cards: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.features.crs is None:
            raise UnusableLayer(
                f"Layer {self.name} does not say which coordinate reference system it is in, so it "
                "cannot be placed. State its CRS in the study."
            )
        needed = {CLASS_COLUMN, *([self.label_field] if self.label_field else [])}
        lacking = sorted(needed - set(self.features.columns))
        if lacking:
            raise UnusableLayer(f"Layer {self.name} lacks the columns {', '.join(lacking)}.")
        if self.cards and len(self.cards) != len(self.features):
            raise UnusableLayer(
                f"Layer {self.name} has {len(self.features)} features and {len(self.cards)} cards."
            )

    @property
    def class_numbers(self) -> list[int]:
        """Number of the style class of every feature, shape (n,)."""
        return [self.style.index(value) for value in self.features[CLASS_COLUMN]]

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """One entry for every class of the style, with its count."""
        numbers = self.class_numbers
        return tuple(
            LegendEntry(c.label, c.symbol, numbers.count(i))
            for i, c in enumerate(self.style.classes)
        )

    def translated(self, translate: Translate) -> Layer:
        """Return the layer with its title, group, note, legend, labels and aliases in a language.

        Parameters
        ----------
        translate : callable
            A label in English -> the label, such as `maps.languages.translator` returns.

        Returns
        -------
        Layer
            The same features and columns: what stands in them stays as it was given, but for the
            labels that this tool puts together; `words` says its codes.
        """
        features = self.features
        if self.label_field:
            said = [own_label(self.name, v, translate) for v in features[self.label_field]]
            features = features.assign(**{self.label_field: said})
        classes = tuple(replace(c, label=translate(c.label)) for c in self.style.classes)
        return replace(
            self,
            title=translate(self.title),
            group=translate(self.group),
            note=translate(self.note),
            features=features,
            style=replace(self.style, classes=classes),
            fields=tuple(column.translated(translate) for column in self.fields),
            words=words_of_codes(self.name, features, translate),
        )


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Table:
    """Results without a place of their own.

    Parameters
    ----------
    name : str
        Name in files.
    title : str
        Name for reading.
    rows : DataFrame
        Unrounded; unknown is null.
    fields : tuple of Field
        Words and units of the columns.
    """

    name: str
    title: str
    rows: pd.DataFrame
    fields: tuple[Field, ...]

    def translated(self, translate: Translate) -> Table:
        """Return the table with its title and column heads in another language."""
        fields = tuple(column.translated(translate) for column in self.fields)
        return replace(self, title=translate(self.title), fields=fields)
