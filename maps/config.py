"""What may a study say about its map?"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, field_validator, model_validator

from maps.languages import Language

# TOML has arrays, not tuples: the outer type is relaxed, what stands inside stays strict.
Names = Annotated[tuple[str, ...], Strict(False)]
Box = Annotated[tuple[float, float, float, float], Strict(False)]
Point = Annotated[tuple[float, float], Strict(False)]


class TerrainSettings(BaseModel):
    """The table ``[map.terrain]``: a raster of ground elevations, such as a survey's or SRTM's.

    Parameters
    ----------
    path : str
        GeoTIFF, or another raster that GDAL reads, with a CRS; band 1 holds elevations in metres.
        Relative to the study file.
    vertical_datum : str
        What its elevations count from, such as "EGM96 geoid" or "Baltic 1977".
    source : str
        Whose elevations they are, and of which year.
    offset_m : float
        What is added to them [m], so that they fit the elevations of drillholes and mine.
    contour_m : float, optional
        Interval of contours [m]; a round one that draws about twenty by default.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    path: str = Field(min_length=1)
    vertical_datum: str = Field(min_length=1)
    source: str = Field(min_length=1)
    offset_m: float = Field(default=0.0, ge=-10_000, le=10_000)
    contour_m: float | None = Field(default=None, ge=0.1, le=1_000)


class MapSettings(BaseModel):
    """The table ``[map]`` of a study file.

    Parameters
    ----------
    title : str
        Heading of the page; "" takes the study's title.
    open_on : tuple of str
        Identifiers of the fields on which the map opens, with the plants; () takes every field
        of the study.
    centre : tuple of float, optional
        Longitude and latitude [degrees, WGS 84] to open on instead.
    zoom : int
        Zoom with *centre*, 0 to 19.
    bounds : tuple of float, optional
        West, south, east, north [degrees, WGS 84] to open on instead.
    online_tiles : bool
        Whether the page offers a background map from the internet. It is off when the page
        opens: nothing is asked for until the reader switches it on.
    tile_url : str
        Address of the tiles, with {z}, {x} and {y}.
    tile_attribution : str
        Who made the tiles; plain text.
    language : {"en", "ru"}
        Language of the labels; texts of sources stay as they were given.
    terrain : TerrainSettings, optional
        The ground, for hillshade and contours.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = ""
    open_on: Names = ()
    centre: Point | None = None
    zoom: int = Field(default=10, ge=0, le=19)
    bounds: Box | None = None
    online_tiles: bool = True
    tile_url: str = "https://tile.opentopomap.org/{z}/{x}/{y}.png"
    tile_attribution: str = (
        "Map data: OpenStreetMap contributors, SRTM; map style: OpenTopoMap (CC-BY-SA)"
    )
    language: Language = "en"
    terrain: TerrainSettings | None = None

    @field_validator("tile_url")
    @classmethod
    def _is_a_tile_address(cls, url: str) -> str:
        parts = ("{z}", "{x}", "{y}")
        # The address goes into the page's content security policy, where quotes and semicolons
        # would open a second rule.
        plain = not any(c.isspace() or c in "\"'<>;,\\" for c in url)
        if not (url.startswith("https://") and all(p in url for p in parts) and plain):
            raise ValueError("an address such as https://host/{z}/{x}/{y}.png is needed")
        return url

    @field_validator("centre")
    @classmethod
    def _is_a_place(cls, centre: Point | None) -> Point | None:
        if centre and not (-180 <= centre[0] <= 180 and -90 <= centre[1] <= 90):
            raise ValueError("centre is longitude, latitude in degrees; is the order swapped?")
        return centre

    @field_validator("bounds")
    @classmethod
    def _is_a_box(cls, bounds: Box | None) -> Box | None:
        if bounds:
            west, south, east, north = bounds
            if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
                raise ValueError("bounds are west, south, east, north in degrees, west before east")
        return bounds

    @model_validator(mode="after")
    def _opens_one_way(self) -> MapSettings:
        if self.centre is not None and self.bounds is not None:
            raise ValueError("centre and bounds both say where the map opens; keep one of them")
        return self
