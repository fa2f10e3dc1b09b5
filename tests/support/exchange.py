"""How do exported files and what went into them compare, number by number and place by place?"""

import zipfile

import numpy as np
import shapely


def same_numbers(layer, back, rtol=0.0):
    """Compare every column of a layer with what came back, number by number."""
    features = layer.features
    for field in layer.fields:
        mine, its = features[field.name], back[field.name]
        if mine.dtype.kind in "iuf":
            np.testing.assert_allclose(its.astype(float), mine.astype(float), rtol=rtol, atol=0)
        else:
            texts = [None if v is None or v != v or v == "" else str(v) for v in mine]
            assert [None if v is None or v != v or v == "" else str(v) for v in its] == texts


def coordinates(geometries):
    return shapely.get_coordinates(geometries, include_z=True)


def xdata(entity):
    return dict(tag.value.split("=", 1) for tag in entity.get_xdata("ANZOB"))


def holes(layer):
    return sum(len(g.interiors) for g in layer.features.geometry if g.geom_type == "Polygon")


def rings(geometry):
    if geometry.geom_type != "Polygon":
        return [geometry]
    return [geometry.exterior, *geometry.interiors]


def in_space(part):
    places = np.array(part.coords)
    places = places[:-1] if part.geom_type == "LinearRing" else places
    return places if places.shape[1] == 3 else np.column_stack([places, np.zeros(len(places))])


def vertices(entity):
    if entity.dxftype() == "POINT":
        return np.array([list(entity.dxf.location)])
    if entity.dxftype() == "LWPOLYLINE":
        return np.array([list(place) for place in entity.vertices_in_wcs()])
    return np.array([list(vertex.dxf.location) for vertex in entity.vertices])


def whole(part):
    places = np.array(part.coords)
    return places if places.shape[1] == 3 else np.column_stack([places, np.zeros(len(places))])


def words_in(path):
    """All that a product says, unpacked where it is an archive."""
    if path.suffix not in (".qgz", ".xlsx"):
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())
