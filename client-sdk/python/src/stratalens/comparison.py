"""Two results beside each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stratalens.arguments import of_kind
from stratalens.labeled import Axis, LabeledArray
from stratalens.notebook import framed
from stratalens.result import LensResult


def compare(left: LensResult, right: LensResult) -> Comparison:
    """Compares two results. In a notebook, the comparison shows both, with views that move together."""
    for each in (left, right):
        of_kind("compare", each, LensResult, "a result, such as that of analyze(…) or load(…)")
    return Comparison(left, right)


class Comparison:
    """Two results, compared at the layers and positions that both have."""

    def __init__(self, left: LensResult, right: LensResult) -> None:
        self.left = left
        self.right = right
        self.layers = tuple(layer for layer in left.layers if layer in right.layers)
        """Layers that both have."""
        self.positions = tuple(position for position in left.positions if position in right.positions)
        """Positions that both have."""

    def difference(self, column: str) -> LabeledArray:
        """A column of the right result minus that of the left."""
        left, right = self.left.column(column), self.right.column(column)
        return self._labeled(self._common(right) - self._common(left))

    @property
    def same_top(self) -> LabeledArray:
        """Where the best tokens have the same text."""

        def texts(result: LensResult) -> LabeledArray:
            ids = result.top_k.ids.values[..., 0]
            words = np.array([[result.token(each).text for each in row] for row in ids.tolist()], object)
            return LabeledArray(words, *result.top_k.ids.axes)

        return self._labeled(self._common(texts(self.left)) == self._common(texts(self.right)))

    def to_html(self, title: str | None = None, theme: str = "auto") -> str:
        """A page that shows both. Its title names the prompts and what tells the results apart."""
        from stratalens._page.report import page

        return page([self.left, self.right], title or " | ".join(self._names()), theme)

    def _names(self) -> list[str]:
        both = (self.left, self.right)
        models = [f"{each.info.model.name}: " for each in both]
        lenses = [f" · {each.lens}" for each in both]
        passes = [" · unchanged" if each.summary.effect is None else " · changed" for each in both]

        def differing(words: list[str], at: int) -> str:
            return words[at] if words[0] != words[1] else ""

        return [
            differing(models, at) + (each.prompt or each.info.model.name) + differing(lenses, at) + differing(passes, at)
            for at, each in enumerate(both)
        ]

    def _common(self, array: LabeledArray) -> NDArray[Any]:
        values = array[list(self.layers)][:, [array.axes[1].select(position) for position in self.positions]]
        return np.asarray(values)

    def _labeled(self, values: NDArray[Any]) -> LabeledArray:
        length = len(self.left.tokens) if len(self.left.tokens) == len(self.right.tokens) else None
        return LabeledArray(values, Axis("layer", self.layers), Axis("position", self.positions, length))

    def _repr_html_(self) -> str:
        return framed(self.to_html(), 1000)

    def __repr__(self) -> str:
        return f"<comparison of {self.left!r} with {self.right!r}>"
