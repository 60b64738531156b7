"""One layer, as a stream gives it."""

from __future__ import annotations

from collections.abc import Mapping

from stratalens.cell_view import CellView
from stratalens.places import ReadPoint
from stratalens.result_info import Numbers, ResultInfo
from stratalens.tokens import Token


class LayerResult(CellView):
    """What one lens reads at one place in the model. Its arrays are over positions: ``layer.entropy[-1]``."""

    def __init__(self, info: ResultInfo, numbers: Numbers, vocabulary: Mapping[int, Token], lens: str, row: int) -> None:
        super().__init__(info, numbers, vocabulary, row)
        self.lens = lens
        """Name of the lens."""
        self.read_point: ReadPoint = numbers.read_points[row]

    @property
    def layer(self) -> int:
        """The layer's number; -1 is the embedding. Inside a block, that of the block."""
        return self.read_point.layer

    def __repr__(self) -> str:
        best = self.top_k[self.positions[-1]][0]
        return f"<{self.read_point}, {self.lens} lens: {best!r} at position {self.positions[-1]}>"
