"""Direct attribution: who wrote a logit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stratalens.places import ReadPoint


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each part of the model writes toward the logit of each target, in nats.

    The scale of the final norm is taken as it is at the position, so a logit before the softcap is the sum of all shares and of the
    biases. Arrays are over the positions (p) and targets (m) of the result, in their order; NaN where there is no such target.
    """

    parts: tuple[ReadPoint, ...]
    """The embedding, then what the branches of each block add, in order of computation."""
    shares: NDArray[np.float32]
    """[parts, p, m]"""
    heads: Mapping[int, NDArray[np.float32]]
    """By block: shares of its attention heads, [p, m, heads]. Blocks without attention are left out."""
    biases: NDArray[np.float32]
    """Shares of the biases of the final norm and the head, [p, m]."""
    logits: NDArray[np.float32]
    """The model's own logits, after the softcap, [p, m]."""
    softcap: float
    """c of c * tanh(sum / c); 0 if the model has none."""
    largest_difference: float
    """Largest difference of a logit from the sum of its shares."""

    def __repr__(self) -> str:
        parts, positions, targets = self.shares.shape
        error = f"logits are their sums within {self.largest_difference:.1e}"
        return f"<shares of {parts} parts in {targets} targets at {positions} positions; {error}>"

    @property
    def sums(self) -> NDArray[np.float32]:
        """What the shares and biases add up to, after the softcap, [p, m]."""
        total: NDArray[np.float32] = self.shares.sum(axis=0) + self.biases
        return np.asarray(self.softcap * np.tanh(total / self.softcap) if self.softcap > 0 else total, np.float32)
