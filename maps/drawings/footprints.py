"""Which layers does a finished study show, and which results ride on which feature?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maps.drawings import mine_limits
from maps.drawings.drilling import is_drilled
from maps.drawings.field_records import (
    NO_RESULTS,
    OF_FIELDS,
    drilled_names,
    leading_feature,
    record_label,
    with_candidates,
)
from maps.drawings.grades import breaks_of, class_number, main_element, unit_of
from maps.drawings.results import (
    claimed_verdict,
    missing_of_field,
    plants_of_verdict,
    resource_of_field,
    single_model,
)
from maps.layers import Layer, fields_of
from maps.style import (
    BLOCKS,
    CATEGORIES,
    CLASS_COLUMN,
    COLLARS,
    CONTOURS,
    DEPOSITS,
    DISCS,
    NO_VALUE,
    NOT_AN_OUTLINE,
    OUTLINES,
    PIT_OUTLINES,
    PLACES,
    PLANTS,
    RIVERS,
    ROADS,
    Shape,
    Style,
    by_value,
    plain,
)
from maps.wording import VERDICTS, words_for

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Attribute that is written beside a feature on map and in QGIS.
LABEL = "map_label"

HOLES, MINE, MODEL = "Drillholes", "Mine limits", "Block model"
TERRAIN = "Terrain"
ORE, PLANT_GROUP, GROUND, OTHER = "Ore fields", "Plants", "Places and ways", "Other layers"

#: Role -> title, group, style. The order is the order of drawing, from the bottom up.
ROLES: dict[str, tuple[str, str, Style]] = {
    "terrain_contours": ("Contours of the ground", TERRAIN, CONTOURS),
    "roads": ("Roads", GROUND, ROADS),
    "rivers": ("Rivers", GROUND, RIVERS),
    "reserve_blocks": ("Reserve blocks", ORE, BLOCKS),
    "location_uncertainty": ("Uncertainty of position", ORE, DISCS),
    "block_model_outline": ("Block model", MODEL, OUTLINES),
    "drillhole_traces": ("Drillhole traces", HOLES, plain("line")),
    "stopes": ("Stopes", MINE, plain("area")),
    "pit_outline": ("Pits", MINE, PIT_OUTLINES),
    "composites": ("Composites", HOLES, plain("circle")),
    "collars": ("Collars", HOLES, COLLARS),
    "plants": ("Ore plants", PLANT_GROUP, PLANTS),
    "deposits": ("Deposits", ORE, DEPOSITS),
    "places": ("Places", GROUND, PLACES),
}

#: Layers coloured by the element that is cut on: shape, column before the element's name, words
#: for features without a value.
BY_GRADE: dict[str, tuple[Shape, str, str]] = {
    "drillhole_traces": ("line", "best_", "no composite in a domain"),
    "composites": ("circle", "", "not assayed"),
    "stopes": ("area", "", "grade not known"),
}

NOTES = {
    "drillhole_traces": "Colour: the best composite of the hole. Vertical holes show their collar.",
    **mine_limits.NOTES,
    "block_model_outline": "Extent of the grid of blocks, not of the deposit.",
    "location_uncertainty": f"Dashed circles show {NOT_AN_OUTLINE}.",
    "deposits": "Points are published or inferred positions; none is a surveyed outline.",
}
DRILLED_NOTE = "The point marks the drilled deposit; it is no outline."


def draw(summary: Mapping[str, Any], layers: Mapping[str, gpd.GeoDataFrame]) -> tuple[Layer, ...]:
    """Turn the layers of a study into drawn layers with the headline results on them.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    layers : mapping of str to GeoDataFrame
        Layers by role, each with a CRS; roles without a rule are drawn plainly.

    Returns
    -------
    tuple of Layer
        In drawing order, from the bottom up.

    Raises
    ------
    UnusableLayer
        If a layer has no CRS.
    """
    extra = sorted(set(layers) - set(ROLES))
    ordered = [*extra, *(role for role in ROLES if role in layers)]
    drawn = {**layers}
    if "location_uncertainty" in layers and "plants" in layers:
        discs = _plants_marked(layers["location_uncertainty"], layers["plants"])
        drawn["location_uncertainty"] = discs
    return tuple(_layer(role, drawn[role], summary) for role in ordered)


def _plants_marked(discs: gpd.GeoDataFrame, plants: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Tell the discs of plants from those of deposits, by the identifiers they share."""
    if "id" not in discs.columns or "id" not in plants.columns:
        return discs
    marked = discs.copy()
    of_plant = marked["id"].isin(set(plants["id"]))
    marked["kind"] = marked["kind"].where(~of_plant, "plant") if "kind" in marked else None
    if "geometry_meaning" in marked:
        meaning = marked["geometry_meaning"].where(~of_plant, "where the plant may stand")
        marked["geometry_meaning"] = meaning
    return marked


def _layer(role: str, given: gpd.GeoDataFrame, summary: Mapping[str, Any]) -> Layer:
    synthetic = bool(summary.get("study", {}).get("synthetic"))
    title, group, style = ROLES.get(role) or (words_for(role)[0], OTHER, plain(_shape(given)))
    element = _element(role, given, summary)
    style = _by_grade(role, element, summary) or style
    features = _named_apart(given)
    # What an earlier run joined is worked out afresh, so that drawing twice changes nothing.
    features = features.drop(columns=[c for c in JOINED if c in features.columns])
    field_ids = {str(field["id"]) for field in summary.get("fields", [])}
    features[CLASS_COLUMN] = _classes(role, _rows(features), element, summary)
    features[LABEL] = _labels(role, features, summary)
    _join(role, features, summary)
    if synthetic:
        features["synthetic"] = "SYNTHETIC"
    names = [c for c in features.columns if c != "geometry"]
    return Layer(
        name=role,
        title=f"SYNTHETIC {title}" if synthetic else title,
        group=group,
        features=features,
        style=style,
        fields=fields_of(names, mine_limits.WORDS.get(role, words_for)),
        note=_note(role, features),
        label_field=LABEL,
        cards=tuple(_card(role, row, field_ids) for row in _rows(features)),
    )


def _classes(
    role: str, rows: Sequence[Mapping[str, Any]], element: str, summary: Mapping[str, Any]
) -> list[str]:
    """Return the class of every feature; of a field's deposits its records stand behind its own."""
    if role in BY_GRADE:
        return [_grade_class(role, row, element, summary) for row in rows]
    field_ids = {str(field["id"]) for field in summary.get("fields", [])}
    found = [_class_of(role, row, field_ids) for row in rows]
    if role == "deposits" and is_drilled(summary):
        own = drilled_names(summary)
        return [
            "drilled" if str(r.get("id")) in own else c for r, c in zip(rows, found, strict=True)
        ]
    return with_candidates(rows, found) if role in OF_FIELDS else found


def _note(role: str, features: gpd.GeoDataFrame) -> str:
    """Return the sentence under a layer; a drilled deposit is neither published nor inferred."""
    if role == "deposits" and set(features[CLASS_COLUMN]) == {"drilled"}:
        return DRILLED_NOTE
    return NOTES.get(role) or _shared_meaning(features)


def _element(role: str, given: gpd.GeoDataFrame, summary: Mapping[str, Any]) -> str:
    """Name the element a layer is coloured by; stopes may come without drillholes."""
    main = main_element(summary)
    stopes = role == "stopes" and main not in given.columns
    return mine_limits.ELEMENT if stopes else main


def _by_grade(role: str, element: str, summary: Mapping[str, Any]) -> Style | None:
    """Return the style of a layer that is told apart by grade, with the breaks of the blocks."""
    if role not in BY_GRADE:
        return None
    shape, _, absent = BY_GRADE[role]
    return by_value(shape, breaks_of(summary, element) or (), unit_of(summary, element), absent)


def _grade_class(
    role: str, row: Mapping[str, Any], element: str, summary: Mapping[str, Any]
) -> str:
    value = row.get(f"{BY_GRADE[role][1]}{element}")
    if value is None:
        return NO_VALUE
    return str(class_number(float(value), breaks_of(summary, element) or ()))


#: Columns that a drawing adds: how the feature is drawn, and what is known of its field or plan.
JOINED = (
    *(
        CLASS_COLUMN,
        LABEL,
        "may_be_field",
        "field_resource",
        "field_missing",
        "field_ore_t",
        "field_sb_pct",
    ),
    *("field_sb_t", "field_au_gpt", "field_au_kg", "plan_as_claimed", "plan_as_planned"),
    *("plan_target_t_per_year", "plan_horizon_years", "plan_missing"),
)


def _named_apart(given: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a copy whose columns are told apart by any file format, its geometry so named.

    GeoPackage columns ignore case, and ``fid`` is its own row number.
    """
    features = given.copy()
    if features.geometry.name != "geometry":
        features = features.rename_geometry("geometry")
    taken, names = {"geometry", "geom", "fid"}, {}
    for column in features.columns:
        if column == "geometry":
            continue
        name, number = str(column), 2
        while name.casefold() in taken:
            name, number = f"{column}_{number}", number + 1
        taken.add(name.casefold())
        names[column] = name
    return features.rename(columns=names)


def _shared_meaning(features: gpd.GeoDataFrame) -> str:
    """Say what all features of a layer are, such as a course that nobody surveyed."""
    if "geometry_meaning" not in features.columns or not len(features):
        return ""
    meanings = {str(meaning) for meaning in features["geometry_meaning"]}
    one = meanings.pop() if len(meanings) == 1 else ""
    one = "" if one in {"", "location", "None", "nan"} else one
    return f"{one[:1].upper()}{one[1:]}." if one else ""


def _rows(features: pd.DataFrame) -> list[dict[str, Any]]:
    import pandas as pd

    table = pd.DataFrame({c: features[c] for c in features.columns if c != "geometry"})
    return [
        {str(k): (None if _is_null(v) else v) for k, v in row.items()}
        for row in table.to_dict("records")
    ] or [{} for _ in range(len(features))]


def _is_null(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value) or str(value) == "<NA>"


def _shape(features: gpd.GeoDataFrame) -> Any:
    kinds = set(features.geom_type.dropna())
    if any("Polygon" in kind for kind in kinds):
        return "area"
    return "line" if any("Line" in kind for kind in kinds) else "circle"


def _class_of(role: str, row: Mapping[str, Any], field_ids: set[str]) -> str:
    kind, ours = str(row.get("kind") or ""), str(row.get("field") or "") in field_ids
    if role == "places":
        return kind if kind in {"settlement", "tunnel", "admin"} else "other"
    if role == "deposits":
        return "analogue" if kind == "analogue" else "field" if ours else "record"
    if role == "location_uncertainty":
        return "plant" if kind == "plant" else "field" if ours else "record"
    if role == "reserve_blocks":
        category = str(row.get("category") or "").upper()
        found = next((c for c in CATEGORIES if category == c), None)
        return found or ("P" if category.startswith("P") else "other")
    if role == "pit_outline":
        return mine_limits.pit_class(row)
    if role == "terrain_contours":
        return "index" if kind == "index" else "contour"
    known = {"plants": "plant", "roads": "road", "rivers": "river", "collars": "collar"}
    return {**known, "block_model_outline": "outline"}.get(role, "feature")


def _labels(role: str, features: gpd.GeoDataFrame, summary: Mapping[str, Any]) -> list[str | None]:
    """Write short names beside features: one point and one disc for every field, no crowd."""
    rows = _rows(features)
    if role in OF_FIELDS:
        names = {str(f["id"]): str(f.get("name") or f["id"]) for f in summary.get("fields", [])}
        leading = {name: leading_feature(rows, name) for name in names}
        texts: list[str | None] = []
        for i, row in enumerate(rows):
            field = str(row.get("field") or "")
            if row[CLASS_COLUMN] == "candidate":
                texts.append(record_label(row) if role == "deposits" else None)
            elif row[CLASS_COLUMN] == "field":
                texts.append(_field_label(role, row, names[field]) if leading[field] == i else None)
            else:
                texts.append(_short(row) if role == "deposits" else None)
        return texts
    if role == "collars":
        return [str(row["hole_id"]) if row.get("hole_id") else None for row in rows]
    if role == "pit_outline":
        return [mine_limits.pit_label(row) for row in rows]
    if role == "terrain_contours":
        return [_short(row) if row[CLASS_COLUMN] == "index" else None for row in rows]
    return [
        _short(row) if role in {"places", "plants", "rivers", "roads"} else None for row in rows
    ]


def _field_label(role: str, row: Mapping[str, Any], name: str) -> str:
    if role == "deposits":
        return name
    return f"{name}, ±{float(row.get('uncertainty_m') or 0.0) / 1000:g} km: {NOT_AN_OUTLINE}"


def _short(row: Mapping[str, Any]) -> str | None:
    """Cut a name before its remark in brackets or after a comma, dash or slash."""
    name = str(row.get("name") or "")
    for mark in (" (", ", ", " - ", " / "):
        name = name.split(mark)[0]
    return name or None


def _join(role: str, features: gpd.GeoDataFrame, summary: Mapping[str, Any]) -> None:
    if role in {*OF_FIELDS, "reserve_blocks"}:
        _join_fields(features, summary)
    elif role == "plants":
        _join_verdicts(features, summary)


def _join_fields(features: gpd.GeoDataFrame, summary: Mapping[str, Any]) -> None:
    """Write every field's stated resource beside its features; competing models stay apart.

    Numbers are joined only where a field has a single model: a column has room for one number,
    and choosing or averaging between models is not for a drawing to do.
    """
    known = {str(f["id"]): f for f in summary.get("fields", [])}
    given = _rows(features)
    if any(r[CLASS_COLUMN] == "candidate" for r in given):
        names = {name: str(f.get("name") or name) for name, f in known.items()}
        features["may_be_field"] = [
            names.get(str(r.get("field"))) if r[CLASS_COLUMN] == "candidate" else None
            for r in given
        ]
    rows = [r if r[CLASS_COLUMN] not in NO_RESULTS else {**r, "field": None} for r in given]
    fields = [str(row.get("field") or "") for row in rows]
    of = {name: resource_of_field(summary, name) for name in known}
    lacks = {name: "; ".join(missing_of_field(summary, name)) or None for name in known}
    features["field_resource"] = [of.get(name) for name in fields]
    features["field_missing"] = [lacks.get(name) for name in fields]
    amounts = {name: single_model(summary, name) for name in known}
    for column in ("ore_t", "sb_pct", "sb_t", "au_gpt", "au_kg"):
        values = [amounts.get(name, {}).get(column) for name in fields]
        features[f"field_{column}"] = [float("nan") if v is None else float(v) for v in values]


def _join_verdicts(features: gpd.GeoDataFrame, summary: Mapping[str, Any]) -> None:
    served = plants_of_verdict(summary, _rows(features))
    verdict, claimed = summary.get("verdict") or {}, claimed_verdict(summary) or {}
    columns = {
        "plan_as_claimed": VERDICTS[claimed.get("holds")].text if claimed else None,
        "plan_as_planned": VERDICTS[verdict.get("holds")].text if verdict else None,
        "plan_target_t_per_year": verdict.get("target_t_per_year"),
        "plan_horizon_years": verdict.get("horizon_years"),
        "plan_missing": "; ".join(verdict.get("missing") or []) or None,
    }
    for column, value in columns.items():
        features[column] = [value if i in served else None for i in range(len(features))]
        if column in {"plan_target_t_per_year", "plan_horizon_years"}:
            features[column] = features[column].astype(float)


def _card(role: str, row: Mapping[str, Any], field_ids: set[str]) -> str:
    field = str(row.get("field") or "")
    if role == "plants" and row.get("plan_as_planned"):
        return "plant"
    if field in field_ids and row[CLASS_COLUMN] not in NO_RESULTS and role != "plants":
        return f"field:{field}" if role not in {"places", "roads", "rivers"} else ""
    return ""
