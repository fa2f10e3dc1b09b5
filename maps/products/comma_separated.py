"""How do the tables and layers of a study become CSV files, one each?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from maps.finished import Finished, write_text
from maps.layers import Layer
from maps.products import spreadsheet


def write_csv(finished: Finished) -> list[str]:
    """Write one CSV file a table and a layer, and one that says of what they were made.

    Parameters
    ----------
    finished : Finished
        A study.

    Returns
    -------
    list of str
        Names of the files, relative to the output folder.
    """
    from maps.drawings.results import tables_of

    texts = {
        t.name: spreadsheet.written([str(c) for c in t.rows.columns], _records(t.rows))
        for t in finished.marked(tables_of(finished.summary))
    }
    for layer in finished.marked(finished.layers):
        texts[layer.name] = spreadsheet.written(*_attributes(layer))
    texts[finished.named("about")] = spreadsheet.about(finished)
    for stem, written in texts.items():
        write_text(written, finished.out / f"{stem}.csv")
    return [f"{stem}.csv" for stem in texts]


def _records(rows: Any) -> Iterator[list[Any]]:
    return (list(row) for row in rows.itertuples(index=False, name=None))


def _attributes(layer: Layer) -> tuple[list[str], Iterator[list[Any]]]:
    """Return attributes and position: longitude and latitude of points, else well-known text."""
    import pandas as pd

    ground = layer.features.to_crs(4326).geometry
    table = pd.DataFrame({f.name: layer.features[f.name] for f in layer.fields})
    if len(ground) and (ground.geom_type == "Point").all():
        table["longitude"], table["latitude"] = ground.x.round(7), ground.y.round(7)
    else:
        table["wkt_wgs84"] = ground.to_wkt(rounding_precision=7)
    return [str(c) for c in table.columns], _records(table)
