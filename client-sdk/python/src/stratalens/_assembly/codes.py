"""Fixed-point logarithms of numbers of 0 or more: ``code = round(scale ln(1 + x))``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stratalens._assembly.broken import require

_LARGEST = 88
"""ln(1 + x) of the largest finite float is 88.7."""


@dataclass(frozen=True)
class LogCodes:
    scale: int
    """Steps of a unit of ln(1 + x)."""

    def add(self, code: int, difference: int, chunk: str) -> int:
        """Adds a difference to a code."""
        total = code + difference
        require(0 <= total <= _LARGEST * self.scale, f"{chunk}: a difference leads to the code {total}")
        return total

    def values(self, codes: NDArray[np.int32]) -> NDArray[np.float32]:
        """x, such as entropies."""
        return np.expm1(codes / self.scale).astype(np.float32)

    def log_probs(self, codes: NDArray[np.int32]) -> NDArray[np.float32]:
        """-x, log-probabilities."""
        return (0 - np.expm1(codes / self.scale)).astype(np.float32)


CELL = LogCodes(1024)
TRAJECTORY = LogCodes(256)
SHIFT = 2
"""From the code of a cell to that of a trajectory."""
