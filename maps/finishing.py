"""How does a study end: its heading, its products, its summary, and the manifest of its making?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maps.config import MapSettings
from maps.drawings.ground import terrain_files
from maps.finished import SYNTHETIC, put, write_text
from maps.products.manifest import as_json, inputs_of, manifest, timestamp
from maps.workflow import write_products

if TYPE_CHECKING:
    import geopandas as gpd

    from deposits.config import StudyTable
    from deposits.study import StudyFile


def heading(
    config: StudyTable,
    more: Mapping[str, Any],
    study: StudyFile,
    settings: MapSettings,
    version: str,
) -> dict[str, Any]:
    """Return what stands at the head of every summary.

    Parameters
    ----------
    config : StudyTable
        Table ``[study]``.
    more : mapping
        What else is to be said of the study, such as its headline.
    study : StudyFile
        As written.
    settings : MapSettings
        Table ``[map]``.
    version : str
        Of the tool.

    Returns
    -------
    dict
        study, version, generated.
    """
    box = config.extent
    about = {
        **config.model_dump(exclude={"extent"}),
        "extent": [box.west, box.south, box.east, box.north],
        **more,
        "file": study.path.name,
        "hash": study.digest,
        "map": settings.model_dump(mode="json"),
    }
    return {"study": about, "version": version, "generated": timestamp()}


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
    study, inputs, began = made_from
    out.mkdir(parents=True, exist_ok=True)
    layers = {**layers, **_ground(summary, settings, study, out)}
    inputs = [*inputs, *terrain_files(settings, study.parent)]
    summary["inputs"] = inputs_of(inputs, study.parent)
    files = write_products(summary, layers, out, settings=settings, blocks=blocks)
    if summary.get("validation"):
        from maps.products.localised import localised
        from maps.products.validation_page import validation_page

        mark = SYNTHETIC if summary["study"]["synthetic"] else ""
        files.append(f"{mark}validation.html")
        page = localised(validation_page(summary), settings.language)
        write_text(page, out / files[-1])
    summary["files"] += [*files, "summary.json", "manifest.json"]
    write_text(as_json(summary), out / "summary.json")
    write_text(as_json(manifest(summary, study, inputs, began, out)), out / "manifest.json")


def _ground(
    summary: dict[str, Any], settings: MapSettings, study: Path, out: Path
) -> dict[str, gpd.GeoDataFrame]:
    """Leave the ground in the study's own system, so that maps can be made again; contour it."""
    from deposits.gis.rasters import read_raster_info
    from maps.drawings.ground import read_ground
    from maps.drawings.relief import contours
    from maps.drawings.terrain import ELEVATIONS
    from maps.products.rasters import write_elevations

    about = summary["study"]
    kept = out / f"{SYNTHETIC if about['synthetic'] else ''}{ELEVATIONS}"
    # What an earlier run left is not this study's ground.
    kept.unlink(missing_ok=True)
    if settings.terrain is None:
        return {}
    terrain = read_ground(settings.terrain, study.parent, about["crs"], tuple(about["extent"]))
    if terrain is None:
        said = f"{settings.terrain.path}, key map.terrain: no elevation lies within study.extent."
        summary["warnings"].append(said)
        return {}
    said = "SYNTHETIC: an invented ground." if about["synthetic"] else ""
    put(kept, lambda path: write_elevations(terrain, path, said))
    info = read_raster_info(study.parent / settings.terrain.path).or_raise()
    row = {"name": "terrain", "title": "Ground", "role": "raster", "source": terrain.source}
    summary.setdefault("layers", []).append(row | {"crs_found": info.crs})
    return {"terrain_contours": contours(terrain)}
