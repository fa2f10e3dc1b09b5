"""How is an Open Mining Format file, version 1, laid out?

60 bytes: magic 84 83 82 81, "OMF-v0.9.0" in 32 bytes, the project's uid in 16, where the JSON
starts in 8 (little-endian). Then arrays, each compressed by zlib, little-endian float64 or int64;
then JSON: every object under its uid, pointing to others by uid and to arrays by start, length,
dtype. (Checked with the files and the reader of omf 1.0.1, gmggroup.)
"""

from __future__ import annotations

import json
import struct
import uuid
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.formats.files import read_bytes, whole_file

MAGIC, VERSION = b"\x84\x83\x82\x81", b"OMF-v0.9.0"
HEADER = struct.Struct("<4s32s16sQ")
#: Equal content gives equal bytes: uids are counted within this name space, dates are fixed.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://omf.readthedocs.io/anzob")
DATE = "1970-01-01T00:00:00Z"
SHAPES = {"ScalarArray": (-1,), "Int2Array": (-1, 2), "Int3Array": (-1, 3), "Vector3Array": (-1, 3)}


class Container:
    """Objects and arrays gathered for one file.

    Parameters
    ----------
    name : str
        The project's name; uids depend on it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.objects: dict[str, dict[str, Any]] = {}
        self._arrays: list[bytes] = []
        self._at = HEADER.size

    def add(self, kind: str, **content: Any) -> str:
        """Add an object and return its uid.

        Parameters
        ----------
        kind : str
            Its class in the format.
        **content
            Its properties, ready for JSON.
        """
        uid = str(uuid.uuid5(NAMESPACE, f"{self.name}/{len(self.objects)}"))
        dates = {"date_created": DATE, "date_modified": DATE}
        self.objects[uid] = {"__class__": kind, **dates, **content}
        return uid

    def add_array(self, kind: str, values: NDArray[Any]) -> str:
        """Add an array and return the uid of the object that points to it.

        Parameters
        ----------
        kind : {"ScalarArray", "Int2Array", "Int3Array", "Vector3Array"}
            Its class in the format.
        values : ndarray
            Numbers; whole ones are stored as int64, others as float64.
        """
        dtype = "<i8" if values.dtype.kind in "iub" else "<f8"
        packed = zlib.compress(np.ascontiguousarray(values, dtype=dtype).tobytes(), 6)
        pointer = {"start": self._at, "length": len(packed), "dtype": dtype}
        self._arrays.append(packed)
        self._at += len(packed)
        return self.add(kind, array=pointer)

    def write(self, path: Path, project: str) -> None:
        """Write the file.

        Parameters
        ----------
        path : Path
            Where to; written under a temporary name first.
        project : str
            The uid of the project among the objects.
        """
        with whole_file(path) as file:
            file.write(HEADER.pack(MAGIC, VERSION, uuid.UUID(project).bytes, self._at))
            for packed in self._arrays:
                file.write(packed)
            file.write(json.dumps(self.objects, allow_nan=False).encode())


class Registry:
    """The objects and arrays of a file that was read.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    DataError
        If it is not an OMF file of version 1, or is cut short.
    """

    def __init__(self, path: Path) -> None:
        raw = read_bytes(path)
        self.place = path.name
        if len(raw) < HEADER.size or raw[:4] != MAGIC or not raw[4:36].startswith(VERSION):
            found = "an archive, as OMF version 2 is" if raw[:2] == b"PK" else repr(raw[:4])
            raise DataError([Problem("not an OMF file of version 1", path.name, found)])
        _, _, uid, start = HEADER.unpack_from(raw)
        self._raw = raw
        self.project = str(uuid.UUID(bytes=uid))
        try:
            self.objects: dict[str, dict[str, Any]] = json.loads(raw[start:])
            self.root = self.objects[self.project]
        except (ValueError, KeyError) as error:
            fact = f"the list of objects cannot be read: {error}"
            raise DataError([Problem(fact, path.name, remedy="Export it again.")]) from error

    def array(self, uid: str) -> NDArray[Any]:
        """Return an array by the uid of the object that points to it.

        Parameters
        ----------
        uid : str
            Of a ScalarArray, Int2Array, Int3Array, Vector3Array or StringArray.

        Returns
        -------
        ndarray
            Of texts, or of numbers shaped as its class says.
        """
        item = self.objects[uid]
        pointer = item["array"]
        if isinstance(pointer, list):
            return np.array(pointer, dtype=object)
        end = pointer["start"] + pointer["length"]
        try:
            unpacked = zlib.decompress(self._raw[pointer["start"] : end])
        except zlib.error as error:
            raise DataError([Problem(f"an array is damaged: {error}", self.place)]) from error
        numbers = np.frombuffer(unpacked, pointer["dtype"])
        return numbers.reshape(SHAPES[item["__class__"]])
