"""Columns of 32-bit numbers as four planes of bytes, lowest first, so that equal bytes are side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_REPEATED = 4
"""If values repeat this often, indexes into a list of distinct values cost less than the values."""


class Planes:
    def __init__(self) -> None:
        self._out: list[bytes] = []

    def integers(self, values: ArrayLike) -> None:
        numbers = np.asarray(values, np.int64).astype(np.uint32)
        self._out += [(numbers >> shift & 0xFF).astype(np.uint8).tobytes() for shift in (0, 8, 16, 24)]

    def floats(self, values: NDArray[np.float32]) -> None:
        """The number of distinct values, these ascending, and the index of each value; or 0 and the values if few repeat."""
        distinct, places = np.unique(values, return_inverse=True)
        if len(distinct) * _REPEATED > len(values):
            self.integers([0])
            self.integers(_bits(values))
        else:
            self.integers([len(distinct)])
            self.integers(_bits(distinct))
            self.integers(places.ravel())

    def bytes(self) -> bytes:
        return b"".join(self._out)


def _bits(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    # One NaN, as Java writes it.
    return np.where(np.isnan(values), np.float32(np.nan), values).astype(np.float32).view(np.uint32)
