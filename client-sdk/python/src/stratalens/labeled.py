"""Arrays that are indexed by what their rows and columns are called: layer numbers and token positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from stratalens.arguments import is_whole, wrong_type
from stratalens.tokens import Prediction, Token


@dataclass(frozen=True)
class Axis:
    """Names of the rows along one dimension: ascending integers."""

    name: str
    labels: tuple[int, ...]
    length: int | None = None
    """What negative labels count back from; None if they are labels themselves."""

    def select(self, key: Any) -> Any:
        """Index or indexes of a label or of a slice of labels, whose end is left out."""
        if isinstance(key, slice):
            first, stop = self._absolute(key.start), self._absolute(key.stop)
            chosen = [
                at for at, label in enumerate(self.labels) if (first is None or label >= first) and (stop is None or label < stop)
            ]
            return np.array(chosen[:: key.step], np.int64)
        if np.ndim(key) > 0:
            return np.array([self.select(each) for each in key], np.int64)
        if not is_whole(key):
            raise wrong_type(self.name, "an index, several, or a slice", key)
        label = self._absolute(key)
        if label not in self.labels:
            last = f"; -1 is the embedding, not the last {self.name}" if self.name == "layer" and label == -1 else ""
            raise IndexError(f"{self.name} {key} was not asked for; this result has {_shown(self.labels)}{last}")
        return self.labels.index(label)

    def _absolute(self, label: Any) -> int | None:
        if label is None:
            return None
        index: int = label.__index__()
        return index + self.length if index < 0 and self.length is not None else index


def _shown(labels: tuple[int, ...]) -> str:
    if len(labels) > 2 and labels[-1] - labels[0] == len(labels) - 1:
        return f"{labels[0]} .. {labels[-1]}"
    return ", ".join(map(str, labels)) or "none"


class LabeledArray(NDArrayOperatorsMixin):
    """Numbers by layer and position: ``array[layer, position]``, ``array[:, -1]``, ``array[layer]``.

    Layers are layer numbers (-1 is the embedding), positions are token positions of the prompt (-1 is its last token). The end of
    a slice is left out. ``values``, ``numpy.asarray`` and arithmetic give the numbers alone. NaN means that there is no value.
    """

    __hash__ = None  # type: ignore[assignment]  # as arrays of numpy, of which == compares each number

    def __init__(self, values: NDArray[Any], *axes: Axis) -> None:
        self.values = values
        self.axes = axes

    def __getitem__(self, key: Any) -> Any:
        keys = key if isinstance(key, tuple) else (key,)
        if len(keys) > len(self.axes):
            raise IndexError(f"{len(keys)} indexes are too many; this has {', '.join(axis.name for axis in self.axes)}")
        values, dimension = self.values, 0
        for axis, each in zip(self.axes, keys, strict=False):
            selected = axis.select(each)
            values = np.take(values, selected, axis=dimension)
            dimension += np.ndim(selected)
        return values.item() if values.ndim == 0 else values

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype=dtype, copy=True) if copy else np.asarray(self.values, dtype=dtype)

    def __array_ufunc__(self, function: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [each.values if isinstance(each, LabeledArray) else each for each in inputs]
        return getattr(function, method)(*plain, **options)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            hint = f"; the numbers alone have it: values.{name}" if hasattr(np.ndarray, name) else ""
            raise AttributeError(f"an array by layer and position has no {name!r}{hint}")

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        axes = ", ".join(f"{axis.name} {_shown(axis.labels)}" for axis in self.axes)
        return f"<{axes}>\n{self.values!r}"


class TopK:
    """Predictions by layer and position: ``top_k[layer, position]`` is a tuple, best first."""

    def __init__(self, ids: LabeledArray, log_probs: LabeledArray, vocabulary: Mapping[int, Token]) -> None:
        self.ids = ids
        self.log_probs = log_probs
        self._vocabulary = vocabulary

    @overload
    def __getitem__(self, key: tuple[int, int]) -> tuple[Prediction, ...]: ...
    @overload
    def __getitem__(self, key: Any) -> Any: ...
    def __getitem__(self, key: Any) -> Any:
        return self._predictions(self.ids[key], self.log_probs[key])

    def _predictions(self, ids: NDArray[Any], log_probs: NDArray[Any]) -> Any:
        if ids.ndim > 1:
            return [self._predictions(*each) for each in zip(ids, log_probs, strict=True)]
        pairs = zip(ids.tolist(), log_probs.tolist(), strict=True)
        return tuple(Prediction(self._vocabulary[token_id], log_prob) for token_id, log_prob in pairs)

    def __repr__(self) -> str:
        return f"<predictions {self.ids!r}>"
