"""What must a picture of the ground, such as a hillshade, bring along to lie under the map?"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from maps.errors import UnusableLayer


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that lies under everything on the map page.

    Parameters
    ----------
    name : str
        Key of its switch.
    title : str
        Name for reading.
    note : str
        One sentence a reader must not miss, such as the vertical datum.
    uri : str
        The picture as a data URI, in Web Mercator, so that its box is its place.
    bounds : tuple of float
        West, south, east, north of its box [degrees, WGS 84].
    opacity : float
        0 to 1.
    shown : bool
        Whether it is on when the page opens.

    Raises
    ------
    UnusableLayer
        If it would have to be fetched.
    """

    name: str
    title: str
    note: str
    uri: str
    bounds: tuple[float, float, float, float]
    opacity: float = 0.6
    shown: bool = True

    def __post_init__(self) -> None:
        if not self.uri.startswith("data:image/"):
            raise UnusableLayer(f"Picture {self.name} is no data URI: a page makes no request.")

    def to_dict(self) -> dict[str, Any]:
        """Return what the page reads; every text in it is escaped HTML."""
        west, south, east, north = self.bounds
        return {
            "name": escape(self.name, quote=True),
            "title": escape(self.title, quote=True),
            "note": escape(self.note, quote=True),
            "uri": self.uri,
            "bounds": [[south, west], [north, east]],
            "opacity": self.opacity,
            "off": not self.shown,
        }
