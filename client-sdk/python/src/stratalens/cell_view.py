"""The numbers of one lens at some read points, by the names of the columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from stratalens.labeled import Axis, LabeledArray, TopK
from stratalens.result_info import Numbers, ResultInfo
from stratalens.targets import Target
from stratalens.tokens import Token


class ByTarget(dict[Target, LabeledArray]):
    """Arrays by target."""

    def __missing__(self, target: object) -> LabeledArray:
        has = ", ".join(map(repr, self)) or "none"
        space = f"; {' ' + target!r} begins with a space" if isinstance(target, str) and " " + target in self else ""
        raise KeyError(f"target {target!r} was not asked for; give targets=[…] (this result has {has}{space})")


class CellView:
    """Arrays over cells. What was not asked for is refused with a ``KeyError`` that says how to ask."""

    def __init__(
        self,
        info: ResultInfo,
        numbers: Numbers,
        vocabulary: Mapping[int, Token],
        rows: int | list[int],
    ) -> None:
        self.info = info
        """What was known before the first layer."""
        self._numbers = numbers
        self._rows = rows
        self._vocabulary = vocabulary

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions that were read, ascending."""
        return self.info.positions

    @property
    def top_k(self) -> TopK:
        """The k best tokens of each cell: ``top_k[layer, position]``."""
        return TopK(self._array(self._numbers.ids), self._array(self._numbers.log_probs), self._vocabulary)

    def column(self, name: str) -> LabeledArray:
        """A column by its name, such as ``"kl-from-next"``."""
        values = self._numbers.columns.get(name.replace("_", "-"))
        if values is None:
            raise KeyError(f"{name} was not asked for; give statistics=[{name!r}, …] (this result has {self._names()})")
        return self._array(values)

    @property
    def entropy(self) -> LabeledArray:
        """Entropy of each cell, in nats."""
        return self.column("entropy")

    @property
    def kl_from_final(self) -> LabeledArray:
        """KL(model's output || cell), in nats."""
        return self.column("kl-from-final")

    @property
    def kl_from_next(self) -> LabeledArray:
        """KL(next layer || cell), in nats; NaN at the last layer."""
        return self.column("kl-from-next")

    @property
    def margin(self) -> LabeledArray:
        """Log-probability of the best token minus that of the second."""
        return self.column("margin")

    @property
    def cross_entropy(self) -> LabeledArray:
        """-ln p of the prompt's next token; NaN at the last token."""
        return self.column("cross-entropy")

    @property
    def log_sum_exp(self) -> LabeledArray:
        """What to add to a log-probability for the logit."""
        return self.column("log-sum-exp")

    @property
    def ranks(self) -> dict[Target, LabeledArray]:
        """By target: its rank over the whole vocabulary, 1 = best; 0 where there is no such target."""
        return ByTarget((each.target, self._array(self._numbers.ranks[..., j])) for j, each in enumerate(self.info.targets))

    @property
    def target_log_probs(self) -> dict[Target, LabeledArray]:
        """By target: its log-probability; NaN where there is no such target."""
        targets = enumerate(self.info.targets)
        return ByTarget((each.target, self._array(self._numbers.target_log_probs[..., j])) for j, each in targets)

    def _array(self, values: NDArray[np.float32] | NDArray[np.int32]) -> LabeledArray:
        return LabeledArray(values[self._rows], *self._axes())

    def _axes(self) -> tuple[Axis, ...]:
        return (Axis("position", self.info.positions, len(self.info.tokens)),)

    def _names(self) -> str:
        return ", ".join(self._numbers.columns) or "none"
