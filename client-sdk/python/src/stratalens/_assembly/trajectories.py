"""Tracked tokens of one lens over its read points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stratalens._assembly.broken import require
from stratalens._assembly.cells import CellReader
from stratalens._assembly.codes import SHIFT, TRAJECTORY
from stratalens._assembly.header import Head
from stratalens._assembly.known_ids import KnownIds, NewIds
from stratalens._assembly.targets import TargetReader
from stratalens.places import BLOCK_OUTPUT
from stratalens.result_info import Tracked
from stratalens.targets import PositionTarget
from stratalens.v1 import cells_pb2, lens_pb2

_NOT_SENT = -1


class TrajectoryReader:
    """Takes the chunks of a lens in order of position."""

    def __init__(self, head: Head, targets: TargetReader, known: KnownIds, reader: CellReader) -> None:
        self._head = head
        self._targets = targets
        self._known = known
        self._reader = reader
        self._named = [
            encoding[0].id
            for target, encoding in zip(head.request.targets, targets.encodings, strict=True)
            if not isinstance(target, PositionTarget)
        ]
        self._outputs = [i for i, at in enumerate(reader.covered) if head.read_points[at].site == BLOCK_OUTPUT]
        self._current: dict[int, NDArray[np.float32]] | None = None
        self._union: set[int] = set()
        self._missing_rows = 0
        self.tracked: list[Tracked] = []

    @property
    def complete(self) -> bool:
        """Whether a chunk of every position came."""
        return len(self.tracked) + (self._current is not None) == self._head.position_count

    def add(self, chunk: cells_pb2.TrajectoryChunk) -> None:
        if self._current is not None and chunk.position == len(self.tracked) + 1:
            self._close_position()
        require(
            chunk.position == len(self.tracked) < self._head.position_count,
            f"expected trajectories of position index {len(self.tracked)} of {self._head.position_count}, "
            f"but index {chunk.position} came",
        )
        if self._current is None:
            tops = self._reader.cells.ids[self._outputs, chunk.position]
            self._union = {*tops.flatten().tolist(), *self._named}
            self._current = {}
        self._read(chunk, self._current)

    def finish(self) -> int:
        """Closes the last position; returns the number of tracked tokens without trajectory."""
        if self._current is not None:
            self._close_position()
        require(
            len(self.tracked) == self._head.position_count,
            f"trajectories of {len(self.tracked)} of {self._head.position_count} positions came",
        )
        return self._missing_rows

    def _close_position(self) -> None:
        rows = self._current or {}
        self._missing_rows += len(self._union) - len(rows)
        ids = sorted(rows)
        values = np.zeros((len(ids), len(self._reader.covered)), np.float32)
        for row, token_id in enumerate(ids):
            values[row] = rows[token_id]
        self.tracked.append(Tracked(np.array(ids, np.int32), values))
        self._current = None

    def _read(self, chunk: cells_pb2.TrajectoryChunk, into: dict[int, NDArray[np.float32]]) -> None:
        position = self._head.prompt.positions[chunk.position]
        name = f"trajectories of position {position}"
        self._head.vocabulary.add(chunk.new_tokens)
        ids = self._ids(chunk, name)
        for token_id in ids:
            self._head.vocabulary[token_id]
            require(token_id in self._union, f"{name}: token {token_id} came, but is in no top-k there and not named")
        require(len(set(ids)) == len(ids), f"{name}: a token id came twice: {ids}")
        values = np.zeros((len(ids), len(self._reader.covered)), np.float32)
        codes = np.full(values.shape, _NOT_SENT, np.int32)
        self._take_from_cells(chunk.position, {token_id: row for row, token_id in enumerate(ids)}, values, codes)
        self._read_rest(chunk, name, values, codes)
        for row, token_id in enumerate(ids):
            require(token_id not in into, f"token {token_id} has two trajectories at position {position}")
            into[token_id] = values[row]

    def _ids(self, chunk: cells_pb2.TrajectoryChunk, name: str) -> list[int]:
        new = NewIds(name, chunk.token_ids)
        if chunk.all_tokens:
            require(not chunk.token_refs, f"{name}: all tokens and references came")
            ids = self._known.all(chunk.position)
        else:
            ids = [self._known.resolve(chunk.position, each, new) for each in chunk.token_refs]
        new.require_all_taken()
        return ids

    def _take_from_cells(self, position: int, rows: dict[int, int], values: NDArray[np.float32], codes: NDArray[np.int32]) -> None:
        cells = self._reader.cells
        targets = self._targets.ids[position]
        for point in range(len(self._reader.covered)):
            for place, token_id in enumerate(cells.ids[point, position].tolist()):
                row = rows.get(token_id)
                if row is not None:
                    values[row, point] = cells.log_probs[point, position, place]
                    codes[row, point] = cells.codes[point, position, place]
            for j, target_id in enumerate(targets):
                row = None if target_id is None else rows.get(target_id)
                if row is not None:
                    values[row, point] = cells.target_log_probs[point, position, j]
                    codes[row, point] = cells.target_codes[point, position, j]

    def _read_rest(
        self, chunk: cells_pb2.TrajectoryChunk, name: str, values: NDArray[np.float32], codes: NDArray[np.int32]
    ) -> None:
        exact = len(chunk.log_probs) > 0
        came = len(chunk.log_probs) if exact else len(chunk.log_prob_codes)
        missing = int((codes == _NOT_SENT).sum())
        require(came == missing, f"{name}: {came} values came where {missing} are promised")
        require(not exact or not chunk.log_prob_codes, f"{name}: values came as codes and as float32")
        require(
            exact or came == 0 or self._head.header.number_form == lens_pb2.NUMBER_FORM_COMPACT,
            f"{name}: codes came, but float32 was asked for",
        )
        if exact:
            values[codes == _NOT_SENT] = chunk.log_probs
            return
        differences = iter(chunk.log_prob_codes)
        for row in range(len(codes)):
            code = 0
            for point, known in enumerate(codes[row].tolist()):
                if known != _NOT_SENT:
                    code = known >> SHIFT
                else:
                    code = TRAJECTORY.add(code, next(differences), name)
                    codes[row, point] = -2 - code
        own = codes < _NOT_SENT
        values[own] = TRAJECTORY.log_probs(-2 - codes[own])
