"""What does a block model look like bench by bench, small enough to stand inside a page?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.tonnage.categories import ORDER
from maps import palettes
from maps.drawings import bench_reading as reading
from maps.drawings.bench_mesh import Mesh, mesh_of
from maps.drawings.bench_packing import FIRST, NO_VALUE, Codes, pack, quantise
from maps.drawings.curves import ticks
from maps.drawings.grades import breaks_of, label_of, main_element, unit_of
from maps.style import class_words, most_breaks

Summary = Mapping[str, Any]

#: Characters that all values may take in the page, and cells of one field.
BUDGET, MOST_CELLS = 1_450_000, 4_000_000
#: Steps between the smallest and the largest value, finest first; what fits the budget is taken.
LEVELS = (5_000, 1_000, 400, 150)
#: Fields of codes, and fields that a large model leaves out.
CODES = ("class", "domain", "gkz", "pass_number")
OPTIONAL = ("gkz", "pass_number", "slope", "spacing_m", "density_t_per_m3")
MOST_WORDS = len(palettes.NAMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchField:
    """One field of blocks, as the page unfolds and colours it.

    Parameters
    ----------
    name, label, unit : str
        Column, words and unit.
    decimals : int
        Decimals shown at the cursor.
    lo, step : float
        Value of code 2 and size of a step; codes 0 and 1 are no block and no value.
    starts : tuple of int
        First code of each class but the lowest.
    classes : tuple of dict
        ``label`` and ``colour``, from low to high.
    words : tuple of str
        Words of the codes from 2 on; () for a number.
    data : str
        Values, packed as :mod:`maps.drawings.bench_packing` says.
    """

    name: str
    label: str
    unit: str
    decimals: int
    lo: float
    step: float
    starts: tuple[int, ...]
    classes: tuple[dict[str, str], ...]
    words: tuple[str, ...]
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Benches:
    """A block model as grids of values, bench by bench.

    Parameters
    ----------
    corners : tuple of (float, float)
        Latitude and longitude [degrees, WGS 84] of the south-west, south-east and north-west
        corner in the grid's own axes.
    mesh : Mesh
        Pieces of the grid that are straight on the page.
    nx, ny : int
        Columns and rows of cells.
    size_m : tuple of float
        Length and width of a cell [m].
    benches : tuple of dict
        ``low``, ``high`` [m] and ``ore_t`` above the base cut-off (None when it is not known).
    opens_on : int
        Bench that is shown first: the one with most ore above the base cut-off.
    fields : tuple of BenchField
        The first is shown first.
    absent : str
        Colour of blocks without a value.
    note : str
        What a reader must know of the drawing.
    cut : str
        Words of the base cut-off, "" without one.
    """

    corners: tuple[tuple[float, float], ...]
    mesh: Mesh
    nx: int
    ny: int
    size_m: tuple[float, float]
    benches: tuple[dict[str, float | None], ...]
    opens_on: int
    fields: tuple[BenchField, ...]
    absent: str
    note: str
    cut: str

    def to_dict(self) -> dict[str, Any]:
        """Return what the page reads; every text in it is escaped HTML."""
        plain: dict[str, Any] = _escaped(asdict(self))
        return plain


def bench_grids(
    path: str | Path,
    summary: Summary,
    fields: Sequence[str] | None = None,
    *,
    budget: int = BUDGET,
) -> Benches | None:
    """Make value grids, bench by bench, of a block model of any size.

    Parameters
    ----------
    path : str or Path
        ``blocks.parquet`` of a study: regular or sub-blocked, rotated or not.
    summary : mapping
        The study's ``summary.json``: words, units, cut-offs, CRS.
    fields : sequence of str, optional
        Columns to show; elements, classes and domains by default, and what else finds room.
    budget : int
        Characters that the values may take. Above it steps become coarser, then cells larger.

    Returns
    -------
    Benches or None
        Only benches, rows and columns that hold blocks; None without blocks or fields.

    Raises
    ------
    DataError
        If the file is no block model of ours.
    """
    lattice = reading.lattice_of(Path(path), MOST_CELLS)
    names = fields_of(summary, lattice.columns, fields) if lattice else []
    if lattice is None or not names:
        return None
    needed = [name for name in names if fields is not None or name not in OPTIONAL]
    while True:
        present = reading.occupied(lattice)
        gathered = {name: _gather(lattice, name) for name in needed}
        for levels in LEVELS:
            drawn = [_field(summary, lattice, present, gathered[n], n, levels) for n in needed]
            if sum(len(field.data) for field in drawn) <= budget:
                break
        else:
            if lattice.shape[0] * lattice.shape[1] > 1:
                lattice = reading.lattice_of(Path(path), MOST_CELLS, lattice.blocks + 1) or lattice
                continue
        break
    left = budget - sum(len(field.data) for field in drawn)
    for name in [n for n in names if n not in needed]:
        more = _field(summary, lattice, present, _gather(lattice, name), name, LEVELS[-1])
        if len(more.data) <= left:
            drawn, left = [*drawn, more], left - len(more.data)
    return _benches(summary, lattice, tuple(drawn))


def fields_of(summary: Summary, columns: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """Choose fields: the one that is cut on first, then the other elements, then the rest.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    columns : sequence of str
        Those of the block model.
    wanted : sequence of str or None
        Instead of the usual ones.

    Returns
    -------
    list of str
        Columns of the model, each once.
    """
    if wanted is None:
        elements = [
            str(e.get("name")) for e in (summary.get("drilling") or {}).get("elements") or []
        ]
        wanted = [main_element(summary), *elements, *CODES, *OPTIONAL]
    return [name for name in dict.fromkeys(wanted) if name in columns]


Gathered = tuple[NDArray[Any], tuple[str, ...]]


def _gather(lattice: reading.Lattice, name: str) -> Gathered:
    """Return values and no words of a number, or places in the words of a code."""
    if name not in CODES and _is_number(lattice, name):
        return lattice.shaped(reading.means(lattice, name).astype(np.float32)), ()
    words = sorted(reading.words_in(lattice, name), key=natural_order)
    return lattice.shaped(reading.largest_shares(lattice, name, words)), tuple(words)


def _is_number(lattice: reading.Lattice, name: str) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kind = pq.read_schema(lattice.path).field(name).type
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def natural_order(word: str) -> tuple[int, float, str]:
    """Return a key that puts categories from the surest down, numbers by size, words by letters."""
    if word.capitalize() in ORDER:
        return 0, ORDER[word.capitalize()], word
    if word in ORDER:
        return 0, ORDER[word], word
    try:
        return 1, float(word), word
    except ValueError:
        return 2, 0.0, word


def _field(
    summary: Summary,
    lattice: reading.Lattice,
    present: NDArray[np.bool_],
    gathered: tuple[NDArray[Any], tuple[str, ...]],
    name: str,
    levels: int,
) -> BenchField:
    values, words = gathered
    here: NDArray[np.bool_] = np.asarray(lattice.shaped(present), dtype=np.bool_)
    label = label_of(summary, name)
    if words or name in CODES:
        return _coded_field(name, label, words, np.where(here, values + FIRST, 0))
    numbers = values.astype(np.float64)
    breaks = breaks_of(summary, name)
    if breaks is None:
        breaks = round_breaks(numbers[np.isfinite(numbers)])
    found = quantise(numbers, here, breaks, levels)
    unit = unit_of(summary, name)
    titles = class_words(breaks, unit)
    return BenchField(
        name=name,
        label=label,
        unit=unit,
        decimals=max(0, -math.floor(math.log10(found.step) + 1e-9)),
        lo=found.lo,
        step=found.step,
        starts=found.starts,
        classes=_classes(titles, palettes.sequence(len(titles))),
        words=(),
        data=pack(found.codes),
    )


def _coded_field(name: str, label: str, words: tuple[str, ...], codes: NDArray[Any]) -> BenchField:
    """Colour codes by name; those beyond the colours share the colour of the last."""
    made: Codes = np.where(codes == FIRST - 1, NO_VALUE, codes).astype(np.uint16)
    titles = [f"pass {w}" if name == "pass_number" else w for w in words]
    shown = titles[:MOST_WORDS]
    if len(titles) > MOST_WORDS:
        shown[-1] = f"one of {len(titles) - MOST_WORDS + 1} others"
    return BenchField(
        name=name,
        label=label,
        unit="",
        decimals=0,
        lo=0.0,
        step=1.0,
        starts=tuple(range(FIRST + 1, FIRST + len(shown))),
        classes=_classes(shown, palettes.NAMED[: len(shown)]),
        words=tuple(titles),
        data=pack(made),
    )


def _classes(titles: Sequence[str], fills: Sequence[str]) -> tuple[dict[str, str], ...]:
    return tuple({"label": t, "colour": c} for t, c in zip(titles, fills, strict=True))


def round_breaks(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Return round breaks within the values themselves."""
    if not len(values):
        return ()
    low, high = float(values.min()), float(values.max())
    return most_breaks([tick for tick in ticks(low, high, 5) if low < tick <= high])


def _benches(summary: Summary, lattice: reading.Lattice, drawn: tuple[BenchField, ...]) -> Benches:
    tonnage = summary.get("tonnage") or {}
    field, base = main_element(summary), tonnage.get("base_cutoff")
    known = base is not None and field in lattice.columns
    ore = reading.ore_by_bench(lattice, field, float(base or 0.0)) if known else None
    weighed = reading.DENSITY in lattice.columns
    mesh = mesh_of(lattice, _crs(summary, lattice))
    wide = len(mesh.columns)
    return Benches(
        corners=(mesh.nodes[0], mesh.nodes[wide - 1], mesh.nodes[-wide]),
        mesh=mesh,
        nx=lattice.shape[0],
        ny=lattice.shape[1],
        size_m=(lattice.grid.size_m[0] * lattice.blocks, lattice.grid.size_m[1] * lattice.blocks),
        benches=tuple(
            {
                "low": low,
                "high": high,
                "ore_t": float(f"{ore[k]:.4g}") if ore is not None and weighed else None,
            }
            for k, (low, high) in enumerate(lattice.elevations_m())
        ),
        opens_on=_opens_on(lattice, ore),
        fields=drawn,
        absent=palettes.ABSENT,
        note=_note(lattice, drawn),
        cut=f"{float(base or 0.0):g} {unit_of(summary, field)}" if known else "",
    )


def _opens_on(lattice: reading.Lattice, ore: NDArray[np.float64] | None) -> int:
    """Choose the bench with most ore; where there is none, the one with most blocks."""
    if ore is not None and ore.max() > 0:
        return int(ore.argmax())
    counts = lattice.shaped(reading.occupied(lattice)).astype(np.int64).sum(axis=(1, 2))
    return int(counts.argmax())


def _crs(summary: Summary, lattice: reading.Lattice) -> Any:
    from deposits.blockmodel import read_about

    _, about = read_about(lattice.path)
    model = summary.get("block_model") or {}
    return about.crs or model.get("crs") or (summary.get("study") or {}).get("crs")


def _note(lattice: reading.Lattice, drawn: Sequence[BenchField]) -> str:
    said = []
    if lattice.blocks > 1:
        n = lattice.blocks
        said.append(f"Each cell is the mean of {n} x {n} blocks: the model is large.")
    coarse = [f for f in drawn if not f.words and f.step > 0]
    if coarse:
        steps = ", ".join(f"{f.label}: {f.step:.3g} {f.unit}".strip() for f in coarse)
        said.append(f"Values are shown in steps: {steps}. The table of blocks holds them in full.")
    return " ".join(said)


def _escaped(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _escaped(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_escaped(value) for value in tree]
    return escape(tree, quote=True) if isinstance(tree, str) else tree
