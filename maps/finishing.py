"""How does a study end: its products, its summary, and the manifest of what they were made from?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maps.config import MapSettings
from maps.products.manifest import as_json, manifest
from maps.workflow import SYNTHETIC, write_products, write_text

if TYPE_CHECKING:
    import geopandas as gpd


def finish(
    summary: dict[str, Any],
    layers: Mapping[str, gpd.GeoDataFrame],
    blocks: Path | None,
    made_from: tuple[Path, Sequence[Path], float],
    out: Path,
) -> None:
    """Write the products of a study and, last of all, its summary and manifest.

    Parameters
    ----------
    summary : dict
        The study's ``summary.json``; the names of the files are added to its ``files``.
    layers : mapping of str to GeoDataFrame
        Layers by role in the project CRS.
    blocks : Path, optional
        The block model, if there is one.
    made_from : tuple = (study, inputs, began)
        Study file, files it names, and when the run began [s of the performance counter].
    out : Path
        Folder.
    """
    settings = MapSettings.model_validate_json(as_json(summary["study"]["map"]))
    files = write_products(summary, layers, out, settings=settings, blocks=blocks)
    if summary.get("validation"):
        from maps.products.validation_page import validation_page

        mark = SYNTHETIC if summary["study"]["synthetic"] else ""
        files.append(f"{mark}validation.html")
        write_text(validation_page(summary), out / files[-1])
    summary["files"] += [*files, "summary.json", "manifest.json"]
    write_text(as_json(summary), out / "summary.json")
    study, inputs, began = made_from
    write_text(as_json(manifest(summary, study, list(inputs), began)), out / "manifest.json")
