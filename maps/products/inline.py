"""How does a folium map become one file that asks nobody for anything?

Folium links scripts and style sheets from half a dozen hosts. Here the links it is known to make
are replaced by vendored copies or dropped; any other link is refused, so that a new plugin cannot
bring a request in unnoticed. A content security policy then lets the browser run these scripts
and no other: neither an event handler inside an attribute nor an address outside the file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from maps.errors import UnknownAsset

ASSETS = Path(__file__).parents[1] / "assets"

#: Links by the name folium gives them -> the vendored files that take their place.
VENDORED: dict[str, tuple[str, ...]] = {
    "leaflet": ("leaflet.js",),
    "leaflet_css": ("leaflet.css",),
}

#: Links that nothing on our pages uses.
DROPPED = frozenset(
    {
        *("bootstrap", "bootstrap_css", "glyphicons_css", "awesome_markers"),
        *("awesome_markers_css", "awesome_markers_font_css", "awesome_rotate_css"),
        # Folium's own popups want it; our pages write theirs with Leaflet alone.
        "jquery",
    }
)


@cache
def asset(name: str) -> str:
    """Return a vendored text file, with its pictures as data URIs and no source map.

    Parameters
    ----------
    name : str
        File name in ``maps/assets``.

    Returns
    -------
    str
        Its text, safe inside ``<script>`` or ``<style>``.

    Raises
    ------
    UnknownAsset
        If there is no such file, or it could close its own element.
    """
    path = ASSETS / name
    if not path.is_file():
        raise UnknownAsset(f"There is no {name} among the vendored files of maps/assets.")
    text = path.read_text("utf-8")
    text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
    text = re.sub(r"url\(images/([\w-]+\.png)\)", lambda m: _picture(m[1]), text)
    if re.search(r"</(script|style)", text, re.IGNORECASE):
        raise UnknownAsset(f"{name} holds a closing tag and cannot stand inside a page.")
    return text


def _picture(name: str) -> str:
    coded = base64.b64encode((ASSETS / f"leaflet-{name}").read_bytes()).decode("ascii")
    return f"url(data:image/png;base64,{coded})"


def licences(names: Iterable[str]) -> str:
    """Return the licences of files that stand on a page, as their authors ask to have them kept.

    Parameters
    ----------
    names : iterable of str
        Files of ``maps/assets``; our own have no licence beside them.

    Returns
    -------
    str
        Each licence once, under the name of its package.
    """
    packages = sorted({name.split(".")[0] for name in names})
    kept = ((package, ASSETS / f"{package}.LICENSE.txt") for package in packages)
    told = (f"{name}:\n{path.read_text('utf-8').strip()}" for name, path in kept if path.is_file())
    return "\n".join(told)


def number_elements(figure: Any) -> None:
    """Replace the random names of all elements by their place in the tree.

    Branca draws them from ``os.urandom``; equal maps must have equal bytes.
    """
    waiting, count = [figure, figure.header, figure.html, figure.script], 0
    while waiting:
        element = waiting.pop(0)
        element._id = f"{count:04d}"
        count += 1
        waiting.extend(element._children.values())


def render_alone(figure: Any, own_css: str) -> str:
    """Render a folium figure as a page without a single outside link.

    Parameters
    ----------
    figure : branca.element.Figure
        Root of a folium map; its elements are renumbered.
    own_css : str
        Vendored style sheet that has the last word.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    UnknownAsset
        If the map links to something that is neither vendored nor known to be unused.
    """
    number_elements(figure)
    figure.render()
    header = figure.header._children
    for name in list(header):
        url = getattr(header[name], "url", None)
        if url is None:
            continue
        if name in VENDORED:
            header[name] = _inlined(VENDORED[name])
        elif name in DROPPED:
            del header[name]
        else:
            raise UnknownAsset(
                f"The map wants {name} from {url}. Pages work without a network: vendor the file "
                "in maps/assets, or do without it."
            )
    header["own_css"] = raw(f"<style>{asset(own_css)}</style>")
    # Not figure.render(): that would let the map add its links again.
    return str(figure._template.render(this=figure, kwargs={}))


def _inlined(names: tuple[str, ...]) -> Any:
    tag = "style" if names[0].endswith(".css") else "script"
    return raw("".join(f"<{tag}>{asset(name)}</{tag}>" for name in names))


def raw(html: str) -> Any:
    """Wrap finished HTML as an element.

    ``branca.element.Element(html)`` would read the text as a template, and a pair of braces in
    somebody's data would be run.
    """
    from branca.element import Element

    element: Any = Element("{{ this.finished }}")
    element.finished = html
    return element


def json_for_script(tree: object) -> str:
    r"""Write JSON that cannot close its ``<script>`` or break a line of it.

    Examples
    --------
    >>> json_for_script({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    written = json.dumps(tree, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written


def secured(page: str, tile_url: str = "") -> str:
    """Put a content security policy at the head of a page.

    Parameters
    ----------
    page : str
        HTML with inline scripts only.
    tile_url : str
        Address of optional background tiles; "" allows no address at all.

    Returns
    -------
    str
        The page; its scripts are allowed by their SHA-256, pictures only as data URIs and from
        the host of the tiles.
    """
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = dict.fromkeys(
        base64.b64encode(hashlib.sha256(s.encode()).digest()).decode("ascii") for s in scripts
    )
    allowed = " ".join(f"'sha256-{h}'" for h in hashes)
    host = f" {_origin(tile_url)}" if tile_url else ""
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        f"img-src data:{host}; base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}" />'
    # Before everything else: a policy does not reach what stands above it.
    return page.replace("<head>", f"<head>\n    {meta}", 1)


def _origin(tile_url: str) -> str:
    parts = urlsplit(tile_url)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"
