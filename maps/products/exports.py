"""Which formats are written on demand from a finished study, each by one function?"""

from __future__ import annotations

from collections.abc import Callable

from maps.finished import Finished


def _csv(finished: Finished) -> list[str]:
    from maps.products.comma_separated import write_csv

    return write_csv(finished)


def _dxf(finished: Finished) -> list[str]:
    from maps.products.dxf import write_dxf

    return write_dxf(finished)


def _flatgeobuf(finished: Finished) -> list[str]:
    from maps.products.flatgeobuf import write_flatgeobuf

    return write_flatgeobuf(finished)


def _project(finished: Finished) -> list[str]:
    from maps.products.open_mining import write_project

    return write_project(finished)


def _pdf(finished: Finished) -> list[str]:
    from maps.products.pdf import write_pdf

    return write_pdf(finished)


#: Format -> what it is.
TOLD = {
    "csv": "one CSV file a table and a layer",
    "pdf": "the report as PDF, printed by Chromium, Chrome or Edge",
    "fgb": "one FlatGeobuf file a layer with its QGIS style, project CRS",
    "dxf": "one DXF file with all layers and the bodies of stopes, project CRS, for CAD",
    "omf": "one OMF 1 file with layers, stopes and blocks; numbers of whole blocks",
}
#: Format -> what writes it and returns the names of the files.
EXPORTS: dict[str, Callable[[Finished], list[str]]] = {
    "csv": _csv,
    "pdf": _pdf,
    "fgb": _flatgeobuf,
    "dxf": _dxf,
    "omf": _project,
}
