"""Sweeps: one change at each layer and position of a grid alone, and how far each moves a metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stratalens.arguments import needed
from stratalens.labeled import Axis, LabeledArray
from stratalens.metrics import Metric, metric_name
from stratalens.places import EMBEDDING, SITE_NAMES
from stratalens.tokens import PromptToken
from stratalens.v1 import lens_service_pb2, model_pb2

if TYPE_CHECKING:
    import pandas
    import pyarrow
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class SweepCell:
    """One change of a sweep, and where it moved the metric."""

    layer: int
    """Block that was changed; 0 for the embedding."""
    position: int
    """Position that was changed."""
    head: int | None
    """Attention head that was changed; None unless each was changed alone."""
    token: PromptToken
    """Token of the prompt at the position."""
    value: float
    """The metric after the change."""
    change: float
    """How far the change moved the metric."""


class SweepResult:
    """A complete sweep. Arrays are over layers and positions, and over heads if each was changed alone:
    ``result.change[layer, position]``."""

    def __init__(
        self,
        header: lens_service_pb2.SweepHeader,
        request: lens_service_pb2.SweepRequest,
        tokens: tuple[PromptToken, ...],
        values: NDArray[np.float32],
        queued_ms: float,
        computed_ms: float,
    ) -> None:
        self.model: model_pb2.ModelDescription = header.model
        """The model."""
        self.tokens = tokens
        """Tokens of the prompt."""
        self.layers = tuple(header.layers)
        """Blocks of the grid, ascending; 0 for the embedding."""
        self.positions = tuple(header.positions)
        """Positions of the grid, ascending."""
        self.heads = tuple(header.heads)
        """Attention heads of the grid, ascending; empty unless each was changed alone."""
        self.metric: Metric = request.metric
        """What was measured, as it was asked for."""
        self.metric_position = header.metric.position
        """Where it was measured."""
        self.unchanged: float = header.unchanged
        """The metric without a change."""
        self.source: float | None = header.source if header.HasField("source") else None
        """The metric of the source prompt of ``replace_from``; None if there is none, or if it does not have the position."""
        self.queued_ms = queued_ms
        """Time in the server's queue, milliseconds."""
        self.computed_ms = computed_ms
        """Time in forward passes and head, milliseconds."""
        self._site = SITE_NAMES.get(header.site, "attention-heads")
        self._axes = [Axis("layer", self.layers), Axis("position", self.positions, len(tokens))]
        if self.heads:
            self._axes.append(Axis("head", self.heads))
        self._values = values.reshape([len(axis.labels) for axis in self._axes])

    @property
    def values(self) -> LabeledArray:
        """The metric after each change."""
        return LabeledArray(self._values, *self._axes)

    @property
    def change(self) -> LabeledArray:
        """How far each change moved the metric."""
        return LabeledArray(self._values - np.float32(self.unchanged), *self._axes)

    @property
    def largest(self) -> tuple[int, ...]:
        """Layer and position (and head) of the change that moved the metric most."""
        at = np.unravel_index(int(np.abs(self.change.values).argmax()), self._values.shape)
        return tuple(axis.labels[int(index)] for axis, index in zip(self._axes, at, strict=True))

    def to_pandas(self) -> pandas.DataFrame:
        """A table with one row for each change. Needs pandas."""
        table: pandas.DataFrame = needed("pandas", "to_pandas()").DataFrame(self._columns())
        return table

    def to_arrow(self) -> pyarrow.Table:
        """The same as a table of Arrow. Needs pyarrow."""
        table: pyarrow.Table = needed("pyarrow", "to_arrow()").table(self._columns())
        return table

    def plot(self, *, position: int = -1, ax: Axes | None = None) -> Figure:
        """A heat map of ``change`` over tokens and layers; if each head was changed alone, over heads and layers at one position.
        Needs matplotlib.

        ax: where to draw; by default a figure of its own.
        """
        from stratalens.heat_map import diverging

        layers = ["embedding"] if self._site == EMBEDDING else [str(layer) for layer in self.layers]
        title = f"change of the {metric_name(self.metric)}"
        if not self.heads:
            words = [self.tokens[each].display for each in self.positions]
            return diverging(self.change.values, layers, words, title, ax)
        heads = [f"head {head}" for head in self.heads]
        return diverging(self.change[:, position], layers, heads, f"{title}, at {self.tokens[position].display!r}", ax)

    def __repr__(self) -> str:
        layer, position, *head = self.largest
        place = f"layer {layer}, position {position} {self.tokens[position].display!r}" + "".join(f", head {each}" for each in head)
        moved = f"{place} moves it most, to {self.values[self.largest]:.2f}"
        return f"<{self._values.size} changes; the {metric_name(self.metric)} is {self.unchanged:.2f}; {moved}>"

    def _columns(self) -> dict[str, Any]:
        indexes = np.indices(self._values.shape).reshape(self._values.ndim, -1)
        named = {axis.name: np.array(axis.labels)[each] for axis, each in zip(self._axes, indexes, strict=True)}
        texts = np.array([token.text for token in self.tokens], object)
        return named | {
            "token": texts[named["position"]],
            "value": self._values.ravel(),
            "change": self.change.values.ravel(),
        }
