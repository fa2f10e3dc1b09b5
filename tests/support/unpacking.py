"""What does the page find in a text of packed blocks?"""

import base64
import zlib

import numpy as np


def unpack(packed, shape):
    """Return the codes that `maps.drawings.bench_packing.pack` folded, as the page does."""
    planes = np.frombuffer(zlib.decompress(base64.b64decode(packed)), dtype=np.uint8)
    low, high = planes.reshape(2, -1).astype(np.uint16)
    codes = (low | high << 8).reshape(shape)
    for axis in range(3):
        codes = np.cumsum(codes, axis=axis, dtype=np.uint16)
    return codes
