"""A result in a page: a head, and pages of neighboring positions that are read when they come into view."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stratalens import native_json
from stratalens._page.packed import packed
from stratalens._page.planes import Planes
from stratalens.places import ReadPoint

if TYPE_CHECKING:
    from stratalens.result import LensResult

POSITIONS_PER_PAGE = 32


class Block:
    """The read points of the lens through which a result is read."""

    def __init__(self, result: LensResult) -> None:
        self._result = result
        self._lens = result.lenses.index(result.lens)
        self._numbers = result.numbers[self._lens]
        self._vocabulary = np.array(sorted(result.vocabulary), np.int64)

    @property
    def pages(self) -> int:
        return -(-len(self._result.positions) // POSITIONS_PER_PAGE)

    def head(self) -> str:
        head = native_json.head(self._result, [self._lens], list(self._numbers.read_points))
        head["trajectories"] = self._result.info.has_trajectories
        head |= native_json.tail(self._result)
        if self._result.summary.attribution is not None:
            head["attribution"] = native_json.attribution(self._result)
        if self._result.summary.effect is not None:
            head["reached"] = [self._stretches(point) for point in self._numbers.read_points]
        head["positions_per_page"] = POSITIONS_PER_PAGE
        return packed(json.dumps(head, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode())

    def _stretches(self, point: ReadPoint) -> list[int]:
        """Indexes where stretches of positions that interventions can reach begin and end, in turn."""
        reached = self._result.effect.reached.get(point, ())
        inside = np.isin(self._result.positions, reached).astype(np.int8)
        borders: list[int] = np.flatnonzero(np.diff(inside, prepend=0, append=0)).tolist()
        return borders

    def page(self, index: int) -> str:
        first = index * POSITIONS_PER_PAGE
        return packed(self._page(slice(first, min(first + POSITIONS_PER_PAGE, len(self._result.positions)))))

    def _page(self, positions: slice) -> bytes:
        # By position, then by layer, since neighboring layers are similar.
        ids = self._numbers.ids[:, positions].swapaxes(0, 1)
        occurring = [self._occurring(positions.start + at, cell_ids) for at, cell_ids in enumerate(ids)]
        planes = Planes()
        planes.integers([len(each) for each in occurring])
        planes.integers(np.concatenate([np.diff(np.searchsorted(self._vocabulary, each), prepend=0) for each in occurring]))
        planes.integers(np.concatenate([np.isin(each, self._tracked(positions.start + at)) for at, each in enumerate(occurring)]))
        planes.integers(np.concatenate([np.searchsorted(each, row).ravel() for each, row in zip(occurring, ids, strict=True)]))
        planes.floats(self._cells(self._numbers.log_probs, positions))
        for column in self._result.info.columns:
            planes.floats(self._cells(self._numbers.columns[column.name], positions))
        for j in range(len(self._result.info.targets)):
            planes.integers(self._cells(self._numbers.ranks[..., j], positions))
            planes.floats(self._cells(self._numbers.target_log_probs[..., j], positions))
        if self._result.info.has_trajectories:
            rows = [tracked.log_probs.ravel() for tracked in self._numbers.tracked[positions]]
            planes.floats(np.concatenate(rows))
        return planes.bytes()

    def _cells(self, values: NDArray[np.float32] | NDArray[np.int32], positions: slice) -> NDArray[np.float32]:
        return np.asarray(values[:, positions].swapaxes(0, 1).ravel())

    def _occurring(self, position_index: int, ids: NDArray[np.int32]) -> NDArray[np.int32]:
        """The ids of a position: in a top k or tracked; ascending."""
        return np.union1d(ids, self._tracked(position_index))

    def _tracked(self, position_index: int) -> NDArray[np.int32]:
        tracked = self._numbers.tracked
        return tracked[position_index].ids if tracked else np.array([], np.int32)
