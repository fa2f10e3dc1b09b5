"""Which piece of ground does the map of a report show, and how are north, scale and grid drawn?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from maps import palettes
from maps.drawings.plan_axes import words
from maps.drawings.view import Box
from maps.languages import Translate

#: Width of the frame, least and most height, room for numbers beside it [CSS px].
WIDE, LEAST, MOST, LEFT, TOP = 560.0, 320.0, 560.0, 58.0, 4.0
#: Room around what is shown [fraction of its longer side].
SPARE = 0.06
#: Steps between lines of the grid [seconds of arc].
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000, 72000)
#: A view narrower than this shows collars: degrees get decimals for the metre [m].
NARROW = 20_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A piece of ground in a metric CRS and where it lies on the drawing.

    Parameters
    ----------
    crs : object
        Of *west* to *north* and of what is drawn.
    west, south, east, north : float
        [m]
    left, top, wide, high : float
        The frame on the drawing [CSS px].
    """

    crs: Any
    west: float
    south: float
    east: float
    north: float
    left: float = LEFT
    top: float = TOP
    wide: float = WIDE
    high: float = LEAST

    @property
    def scale(self) -> float:
        """CSS px a metre."""
        return self.wide / (self.east - self.west)

    @property
    def shape(self) -> Any:
        """The ground as a rectangle."""
        import shapely

        return shapely.box(self.west, self.south, self.east, self.north)

    @property
    def digits(self) -> int:
        """Decimals of degrees that are worth writing."""
        return 5 if self.east - self.west < NARROW else 3

    def at(self, point: Any) -> tuple[float, float]:
        """Return where a point stands [CSS px]."""
        return self.xy(float(point.x), float(point.y))

    def xy(self, easting: float, northing: float) -> tuple[float, float]:
        """Return where a place stands [CSS px]."""
        x = self.left + (easting - self.west) * self.scale
        return x, self.top + (self.north - northing) * self.scale

    def path(self, shape: Any) -> str:
        """Return a line or an area as the path of an SVG, without bends that nobody sees."""
        fine = shape.simplify(0.35 / self.scale)
        rings = [fine.exterior, *fine.interiors] if fine.geom_type == "Polygon" else [fine]
        closed = "Z" if fine.geom_type == "Polygon" else ""
        parts = []
        for ring in rings:
            steps = (self.xy(float(x), float(y)) for x, y, *_ in ring.coords)
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in steps) + closed)
        return "".join(parts)


def frame_of(box: Box, crs: Any) -> Frame:
    """Put a frame around a piece of ground.

    Parameters
    ----------
    box : tuple = (west, south, east, north)
        [degrees, WGS 84]
    crs : object
        The study's; a geographic one is left for the UTM zone of the box.

    Returns
    -------
    Frame
        As wide as a page, neither flat nor long.
    """
    import geopandas as gpd
    import shapely

    corners = gpd.GeoSeries([shapely.box(*box).segmentize(0.05)], crs=4326)
    metric = corners.estimate_utm_crs() if crs.is_geographic else crs
    west, south, east, north = (float(v) for v in corners.to_crs(metric).total_bounds)
    spare = max(SPARE * max(east - west, north - south), 50.0)
    west, south, east, north = west - spare, south - spare, east + spare, north + spare
    wide, tall = east - west, north - south
    if tall / wide > MOST / WIDE:
        more = (tall * WIDE / MOST - wide) / 2
        west, east = west - more, east + more
    elif tall / wide < LEAST / WIDE:
        more = (wide * LEAST / WIDE - tall) / 2
        south, north = south - more, north + more
    high = WIDE * (north - south) / (east - west)
    return Frame(metric, west, south, east, north, high=round(high, 1))


def graticule(frame: Frame) -> list[str]:
    """Draw lines of latitude and longitude with their numbers at the frame."""
    import geopandas as gpd
    import shapely

    ground = gpd.GeoSeries([frame.shape.segmentize((frame.east - frame.west) / 20)], crs=frame.crs)
    west, south, east, north = (float(v) for v in ground.to_crs(4326).total_bounds)
    step = _step(max(east - west, north - south))
    across = _steps(west, east, step)
    up = _steps(south, north, step)
    lines = [shapely.LineString([(x / 3600, south), (x / 3600, north)]) for x in across]
    lines += [shapely.LineString([(west, y / 3600), (east, y / 3600)]) for y in up]
    placed = gpd.GeoSeries([line.segmentize(step / 36000) for line in lines], crs=4326)
    parts = []
    for i, line in enumerate(placed.to_crs(frame.crs)):
        inside = line.intersection(frame.shape)
        if inside.is_empty or inside.geom_type != "LineString":
            continue
        parts.append(f'<path class="g" d="{frame.path(inside)}"/>')
        x, y = frame.xy(*(float(v) for v in inside.coords[0][:2]))
        if i < len(across):
            parts.append(words(x, frame.top + frame.high + 13.0, degrees(across[i]), "m"))
        else:
            parts.append(words(frame.left - 4.0, y + 3.5, degrees(up[i - len(across)]), "e"))
    return parts


def _step(span: float) -> int:
    """Choose a step of which three to six stand on the longer side [seconds of arc]."""
    return next((s for s in STEPS if span * 3600 / s <= 6.0), STEPS[-1])


def _steps(low: float, high: float, step: int) -> list[int]:
    first = -int(-low * 3600 // step)
    return [k * step for k in range(first, int(high * 3600 // step) + 1)]


def degrees(seconds: int) -> str:
    """Write an angle in degrees, minutes and, where it has any, seconds.

    Examples
    --------
    >>> degrees(246600), degrees(165), degrees(-3600)
    ('68°30′', '0°02′45″', '-1°00′')
    """
    sign, whole = ("-", -seconds) if seconds < 0 else ("", seconds)
    minutes, rest = divmod(whole, 60)
    return f"{sign}{minutes // 60}°{minutes % 60:02d}′" + (f"{rest:02d}″" if rest else "")


def north(frame: Frame, say: Translate) -> list[str]:
    """Draw the arrow of north in the upper right corner."""
    x, y = frame.left + frame.wide - 26.0, frame.top + 12.0
    return [
        f'<path d="M{x:g} {y:g}l-7 24l7 -5l7 5Z" fill="{palettes.INK}" stroke="#fff"/>',
        words(x, y + 37.0, say("North"), "m h"),
    ]


def bar_length(width_m: float) -> float:
    """Return a round length near a quarter of a width [m].

    Examples
    --------
    >>> bar_length(1700.0), bar_length(88_000.0)
    (500.0, 20000.0)
    """
    most = 0.3 * width_m
    size = 10.0 ** len(str(int(most))) / 10.0
    return next(k * size for k in (5.0, 2.0, 1.0) if k * size <= most)


def scale_bar(frame: Frame, say: Translate) -> list[str]:
    """Draw a bar of a round length in the lower left corner, half of it dark."""
    long = bar_length(frame.east - frame.west)
    x, y, half = frame.left + 12.0, frame.top + frame.high - 16.0, long * frame.scale / 2
    ink = f'stroke="{palettes.INK}"'
    dark = f'fill="{palettes.INK}" {ink}'
    back = (
        f'<rect x="{x - 6:.1f}" y="{y - 16:.1f}" width="{2 * half + 46:.1f}" height="27" '
        'fill="#fff" opacity="0.85"/>'
    )
    return [
        back,
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{half:.1f}" height="5" {dark}/>',
        f'<rect x="{x + half:.1f}" y="{y:.1f}" width="{half:.1f}" height="5" fill="#fff" {ink}/>',
        words(x, y - 4.0, "0", "m"),
        words(x + 2 * half, y - 4.0, say(f"{long / 1000:g} km"), "m"),
    ]


def overlaps(box: Box, others: Sequence[Box]) -> bool:
    """Say whether a box lies over another."""
    return any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in others)
