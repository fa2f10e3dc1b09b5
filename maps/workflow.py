"""How does a finished study become files that others open?

Each file is written under a temporary name and renamed, so that an interrupted run never leaves a
half file under a final name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from maps.config import MapSettings
from maps.errors import UnavailableFormat, UnfinishedStudy
from maps.finished import SYNTHETIC, Finished, put, write_text
from maps.products import exports

if TYPE_CHECKING:
    import geopandas as gpd

REMEDY = "Run: anzob study STUDY --out DIR"
#: Format -> what it is.
FORMATS = {
    "geojson": "one GeoJSON file a layer with its QGIS style, WGS 84",
    "gpkg": "one GeoPackage with all layers, styles and tables, project CRS",
    "qgis": "a QGIS project with its GeoPackage and rasters",
    "xlsx": "one workbook of scenarios with live formulas, schedule, claims",
    **exports.TOLD,
}
#: Formats of block models, written from the model alone.
BLOCK_FORMATS = {
    "datamine": "the block model as CSV with Datamine's fields",
    "vulcan": "the block model as CSV with Vulcan's header lines",
    "gslib": "the block model as a GSLIB grid, numbers of whole blocks",
    "omf": "the block model as OMF 1, numbers of whole blocks",
    "vtk": "the block model as VTK XML, for ParaView",
}


def write_products(
    summary: Mapping[str, Any],
    layers: Mapping[str, gpd.GeoDataFrame],
    out_dir: str | Path,
    *,
    settings: MapSettings | None = None,
    blocks: Path | None = None,
) -> list[str]:
    """Write all that people see of a study.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    layers : mapping of str to GeoDataFrame
        Layers by role in the project CRS; any role may be absent.
    out_dir : str or Path
        Folder; made when it does not exist. What the study has left there so far is read.
    settings : MapSettings, optional
        The study's ``[map]`` table.
    blocks : Path, optional
        Block model of a drillhole study; the page shows it bench by bench.

    Returns
    -------
    list of str
        Names of the files relative to *out_dir*: map.html, layers.gpkg, geojson/*. A synthetic
        study says SYNTHETIC in every one of them.

    Raises
    ------
    UnusableLayer
        If a layer has no CRS.
    """
    from maps.drawings.footprints import draw

    out = Path(out_dir)
    # A layer of a synthetic study may say so already in its own name.
    drawn = draw(summary, {name.removeprefix(SYNTHETIC): x for name, x in layers.items()})
    finished = Finished(
        summary=summary,
        layers=drawn,
        settings=settings or MapSettings(),
        folder=out,
        out=out,
        blocks=blocks,
    )
    names: list[str] = []
    for write in PRODUCTS:
        names += write(finished)
    return names


def map_from_folder(
    folder: str | Path, *, settings: MapSettings | None = None, out: str | Path | None = None
) -> list[str]:
    """Make the map page of a finished study again, from its summary and its layers.

    Parameters
    ----------
    folder : str or Path
        What ``anzob study`` left behind.
    settings : MapSettings, optional
        Title, view and background; those kept in ``summary.study.map`` by default.
    out : str or Path, optional
        Folder for the page; the study's own by default.

    Returns
    -------
    list of str
        Names of the files written, relative to the output folder.

    Raises
    ------
    UnfinishedStudy
        If the folder lacks the summary or the layers, or one cannot be read.
    """
    return _write_map(_read(Path(folder), Path(out or folder), settings))


def export_from_folder(folder: str | Path, file_format: str, out: str | Path) -> list[str]:
    """Export a finished study to one format.

    Parameters
    ----------
    folder : str or Path
        What ``anzob study`` left behind.
    file_format : str
        A key of `FORMATS`.
    out : str or Path
        Folder for the files.

    Returns
    -------
    list of str
        Names of the files written, relative to *out*.

    Raises
    ------
    UnavailableFormat
        If the format is not written (yet); the message names those that are.
    UnfinishedStudy
        If the folder lacks the summary or the layers, or one cannot be read.
    """
    wanted = file_format.lower()
    # After `anzob estimate` there is a block model and nothing else.
    studied = wanted in FORMATS and (Path(folder) / "summary.json").is_file()
    if wanted in BLOCK_FORMATS and not studied:
        return _export_blocks(Path(folder), wanted, Path(out))
    if wanted not in FORMATS:
        raise UnavailableFormat(_unavailable(wanted))
    finished = _read(Path(folder), Path(out))
    written: list[str] = []
    for write in WRITERS[wanted]:
        written += write(finished)
    return written


def _export_blocks(folder: Path, wanted: str, out: Path) -> list[str]:
    """Write the block model; CSV says in a file beside it of what it was made."""
    from maps.products.blocks import export_blocks
    from maps.products.spreadsheet import about

    model = _found(folder, "blocks.parquet")
    if not model.is_file():
        raise UnfinishedStudy(f"{folder} holds no block model. Run: anzob estimate STUDY --out DIR")
    # After `anzob estimate` there is no summary, and nothing to say.
    made = _summarised(folder, out) if (folder / "summary.json").is_file() else None
    name = export_blocks(model, wanted, out, "" if made is None else made.provenance)
    if made is None or not name.endswith(".csv"):
        return [name]
    beside = f"{Path(name).stem}_about.csv"
    write_text(about(made), out / beside)
    return [name, beside]


def _summarised(folder: Path, out: Path) -> Finished:
    """Read what a study says of itself, without its layers."""
    summary = _read_summary(folder / "summary.json")
    settings = _settings_of(summary)
    return Finished(summary=summary, layers=(), settings=settings, folder=folder, out=out)


def _settings_of(summary: Mapping[str, Any]) -> MapSettings:
    """Return the ``[map]`` table that the study kept in its summary, if it did."""
    kept = summary.get("study", {}).get("map") or {}
    try:
        return MapSettings.model_validate(kept)
    except ValidationError as error:
        raise UnfinishedStudy(f"summary.json, key study.map cannot be right: {error}") from error


def _unavailable(wanted: str) -> str:
    formats = {**BLOCK_FORMATS, **FORMATS}
    listed = "; ".join(f"{name} ({what})" for name, what in formats.items())
    return f"Format {wanted} is not a format of this tool. Available: {listed}."


def _read(folder: Path, out: Path, settings: MapSettings | None = None) -> Finished:
    """Read a finished study again; settings are those kept in its summary by default."""
    from maps.drawings.footprints import draw
    from maps.products.geopackage import read_layers

    summary_file, package = folder / "summary.json", _found(folder, "layers.gpkg")
    lacking = [p.name for p in (summary_file, package) if not p.is_file()]
    if lacking:
        raise UnfinishedStudy(
            f"{folder} is not a finished study: it lacks {' and '.join(lacking)}. {REMEDY}"
        )
    summary = _read_summary(summary_file)
    try:
        layers = read_layers(package)
    except Exception as error:
        # pyogrio raises its own family for a broken file; the reader needs one sentence.
        raise UnfinishedStudy(f"{package} cannot be read: {error}. {REMEDY}") from error
    own = {name.removeprefix(SYNTHETIC): layer for name, layer in layers.items()}
    own.pop("plan_schedule", None)  # drawn from the plan, for a GIS
    return Finished(
        summary=summary,
        layers=draw(summary, own),
        settings=settings or _settings_of(summary),
        folder=folder,
        out=out,
        blocks=_blocks_in(summary, folder),
    )


def _read_summary(path: Path) -> dict[str, Any]:
    """Read a study's summary, or say in one sentence why not."""
    try:
        summary = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise UnfinishedStudy(f"{path} is not JSON: {error}. {REMEDY}") from error
    if not isinstance(summary, dict) or "study" not in summary or "fields" not in summary:
        raise UnfinishedStudy(f"{path} lacks its keys study and fields. {REMEDY}")
    return summary


def _blocks_in(summary: Mapping[str, Any], folder: Path) -> Path | None:
    """Return the block model of a finished drillhole study, None where it is not kept."""
    if summary.get("study", {}).get("route") != "drillholes":
        return None
    synthetic = summary.get("study", {}).get("synthetic")
    path = folder / (f"{SYNTHETIC}blocks.parquet" if synthetic else "blocks.parquet")
    return path if path.is_file() else None


def _found(folder: Path, name: str) -> Path:
    """Return the study's own file: a folder may hold those of a synthetic study beside it."""
    marked = folder / f"{SYNTHETIC}{name}"
    try:
        told = json.loads((folder / "summary.json").read_text("utf-8"))
        synthetic = bool(told["study"].get("synthetic"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        synthetic = marked.is_file()
    return marked if synthetic and marked.is_file() else folder / name


def _write_map(finished: Finished) -> list[str]:
    from maps.drawings.benches import bench_grids
    from maps.drawings.cuts import under_sections
    from maps.drawings.relief import pictures_of
    from maps.products.web import page

    summary, blocks = finished.summary, finished.blocks
    benches = None if blocks is None else bench_grids(blocks, summary)
    name = finished.named("map.html")
    pictures = pictures_of(finished)
    under = under_sections(finished)
    html = page(summary, finished.layers, finished.settings, benches, pictures, under)
    write_text(html, finished.out / name)
    return [name]


def _write_geopackage(finished: Finished) -> list[str]:
    from maps.drawings.results import tables_of
    from maps.drawings.schedule import schedule_layers
    from maps.products.geopackage import write_geopackage

    name, said = finished.named("layers.gpkg"), finished.provenance
    layers = finished.marked([*finished.layers, *schedule_layers(finished)])
    tables = finished.marked(tables_of(finished.summary))
    put(finished.out / name, partial(write_geopackage, layers, tables, description=said))
    return [name]


def _write_qgis(finished: Finished) -> list[str]:
    from maps.products.qgis import write_project

    return write_project(finished)


def _write_geojson_folder(finished: Finished) -> list[str]:
    return _write_geojson(finished, finished.out / "geojson")


def _write_geojson_here(finished: Finished) -> list[str]:
    return _write_geojson(finished, finished.out)


def _write_geojson(finished: Finished, folder: Path) -> list[str]:
    from maps.drawings.schedule import schedule_layers
    from maps.products.geojson import write_geojson
    from maps.products.qml import qml_of_layer, signed

    said, names = finished.provenance, []
    for layer in finished.marked([*finished.layers, *schedule_layers(finished)]):
        path = folder / f"{layer.name}.geojson"
        style = path.with_suffix(".qml")
        put(path, partial(write_geojson, layer, description=said))
        write_text(signed(qml_of_layer(layer), said), style)
        names += [each.relative_to(finished.out).as_posix() for each in (path, style)]
    return names


def _write_rasters(finished: Finished) -> list[str]:
    from maps.products.rasters import write_benches, write_terrain

    return [*write_terrain(finished), *write_benches(finished)]


def _write_report(finished: Finished) -> list[str]:
    from maps.products.report import write_report

    return write_report(finished)


def _write_model(finished: Finished) -> list[str]:
    from maps.products.three_d import model_page

    page, name = model_page(finished), finished.named("model.html")
    if page is None:
        return []
    write_text(page, finished.out / name)
    return [name]


def _write_workbook(finished: Finished) -> list[str]:
    from maps.products.workbook import write_workbook

    return write_workbook(finished)


#: All products of a study, in the order in which they are written.
PRODUCTS: tuple[Callable[[Finished], list[str]], ...] = (
    _write_map,
    _write_geopackage,
    _write_geojson_folder,
    _write_workbook,
    _write_report,
    _write_rasters,
    _write_qgis,
    _write_model,
)

#: Format -> what writes its files, in their order.
WRITERS: dict[str, tuple[Callable[[Finished], list[str]], ...]] = {
    "geojson": (_write_geojson_here,),
    "gpkg": (_write_geopackage,),
    "qgis": (_write_geopackage, _write_rasters, _write_qgis),
    "xlsx": (_write_workbook,),
    **{name: (write,) for name, write in exports.EXPORTS.items()},
}
