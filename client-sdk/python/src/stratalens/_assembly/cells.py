"""The cells of one lens: from chunks to columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stratalens._assembly.broken import require
from stratalens._assembly.codes import CELL
from stratalens._assembly.header import Head
from stratalens._assembly.known_ids import KnownIds, NewIds
from stratalens._assembly.targets import TargetReader
from stratalens.columns import Column
from stratalens.v1 import cells_pb2, lens_pb2


class Cells:
    """Room for the numbers of a lens: r read points, p positions, k predictions, m targets."""

    def __init__(self, r: int, p: int, k: int, m: int, columns: list[Column]) -> None:
        self.ids = np.zeros((r, p, k), np.int32)
        self.log_probs = np.zeros((r, p, k), np.float32)
        self.ranks = np.zeros((r, p, m), np.int32)
        self.target_log_probs = np.full((r, p, m), np.nan, np.float32)
        self.columns = {column.name: np.full((r, p), np.nan, np.float32) for column in columns}
        # Codes of the same numbers, which trajectories continue; 0 where a chunk was exact.
        self.codes = np.zeros((r, p, k), np.int32)
        self.target_codes = np.zeros((r, p, m), np.int32)


class CellReader:
    """Takes the chunks of a lens in order: read point by read point, position by position."""

    def __init__(self, head: Head, targets: TargetReader, known: KnownIds, covered: list[int]) -> None:
        self._head = head
        self._targets = targets
        self._known = known
        self.covered = covered
        p, k, m = head.position_count, head.header.top_k, len(head.header.targets)
        self.cells = Cells(len(covered), p, k, m, head.columns)
        self.done = 0
        """Number of read points that are complete."""
        self._positions_done = 0
        self._last_targets = np.zeros((p, m), np.int32)
        self._last_columns = np.zeros((len(head.columns), p), np.int32)

    @property
    def complete(self) -> bool:
        return self.done == len(self.covered)

    @property
    def expected(self) -> str:
        """What must come next, in words."""
        position = self._head.prompt.positions[self._positions_done]
        return f"{self._head.read_points[self.covered[self.done]]} from position {position}"

    def add(self, chunk: cells_pb2.CellChunk) -> int | None:
        """Takes a chunk; returns the index of its read point, among those of the lens, if that is complete now."""
        points = self._head.read_points
        require(0 <= chunk.read_point < len(points), f"a chunk of read point {chunk.read_point} of {len(points)} came")
        name = str(points[chunk.read_point])
        require(not self.complete, f"a chunk of {name} came after the last layer")
        first, count, left = (
            chunk.first_position,
            chunk.position_count,
            self._head.position_count - self._positions_done,
        )
        require(
            chunk.read_point == self.covered[self.done] and first == self._positions_done,
            f"expected {self.expected}, but {name} from position index {first} came",
        )
        require(1 <= count <= left, f"a chunk of {name} has {count} positions where {left} are left")
        _Chunk(self._head, chunk, f"cells of {name}").read(self)
        self._positions_done += count
        if self._positions_done < self._head.position_count:
            return None
        self._positions_done = 0
        self.done += 1
        return self.done - 1

    # What a chunk needs of its reader.

    def resolve(self, position: int, reference: int, new: NewIds) -> int:
        return self._known.resolve(position, reference, new)

    def target_ids(self, position: int) -> list[int | None]:
        return self._targets.ids[position] if self._head.header.targets else []

    def last_targets(self, position: int) -> NDArray[np.int32]:
        """The codes to which the next differences of targets are added."""
        return self._last_targets[position]  # type: ignore[no-any-return]

    def last_columns(self, column: int) -> NDArray[np.int32]:
        return self._last_columns[column]  # type: ignore[no-any-return]


class _Chunk:
    def __init__(self, head: Head, chunk: cells_pb2.CellChunk, name: str) -> None:
        self._head = head
        self._chunk = chunk
        self._name = name
        self._exact = len(chunk.log_probs) > 0
        self._first, self._count = chunk.first_position, chunk.position_count
        self._k, self._m = head.header.top_k, len(head.header.targets)
        self._targets_taken = 0

    def read(self, reader: CellReader) -> None:
        self._require_lengths()
        self._head.vocabulary.add(self._chunk.new_tokens)
        to, at = reader.cells, reader.done
        self._read_ids(reader, to.ids[at])
        self._read_log_probs(to.log_probs[at], to.codes[at])
        self._read_ranks(reader, to.ranks[at])
        for i in range(self._count):
            self._read_targets(reader, i, to, at)
        listed = len(self._own_targets)
        require(
            self._targets_taken == listed,
            f"{self._name}: {listed} values of targets came where {self._targets_taken} are promised",
        )
        for index, column in enumerate(self._head.columns):
            self._read_column(reader, index, column, to.columns[column.name][at])

    @property
    def _own_targets(self) -> list[float] | list[int]:
        return self._chunk.target_log_probs if self._exact else self._chunk.target_codes  # type: ignore[return-value]

    @property
    def _rows(self) -> slice:
        return slice(self._first, self._first + self._count)

    def _require_lengths(self) -> None:
        chunk, exact, s = self._chunk, self._exact, len(self._head.columns)
        require(
            exact or self._head.header.number_form == lens_pb2.NUMBER_FORM_COMPACT,
            f"{self._name}: codes came, but float32 was asked for",
        )
        for field, came, per_position in (
            ("token_refs", chunk.token_refs, self._k),
            ("target_ranks", chunk.target_ranks, self._m),
            ("log_prob_codes", chunk.log_prob_codes, 0 if exact else self._k),
            ("column_codes", chunk.column_codes, 0 if exact else s),
            ("log_probs", chunk.log_probs, self._k if exact else 0),
            ("column_values", chunk.column_values, s if exact else 0),
        ):
            promised = self._count * per_position
            require(len(came) == promised, f"{self._name}: {field} has {len(came)} values where {promised} are promised")
        require(
            not (chunk.target_codes if exact else chunk.target_log_probs),
            f"{self._name}: log-probabilities of targets came as codes and as float32",
        )

    def _read_ids(self, reader: CellReader, ids: NDArray[np.int32]) -> None:
        new = NewIds(self._name, self._chunk.token_ids)
        references = iter(self._chunk.token_refs)
        for position in range(self._first, self._first + self._count):
            cell = [reader.resolve(position, next(references), new) for _ in range(self._k)]
            for token_id in cell:
                self._head.vocabulary[token_id]
            require(len(set(cell)) == len(cell), f"{self._name}: a token id came twice in a cell: {cell}")
            ids[position] = cell
        new.require_all_taken()

    def _read_log_probs(self, log_probs: NDArray[np.float32], codes: NDArray[np.int32]) -> None:
        if self._exact:
            log_probs[self._rows] = np.array(self._chunk.log_probs, np.float32).reshape(self._count, self._k)
            return
        differences = np.array(self._chunk.log_prob_codes, np.int64).reshape(self._count, self._k)
        require(bool((differences >= 0).all()), f"{self._name}: predictions are not best first")
        summed = np.cumsum(differences, axis=1)
        CELL.add(int(summed.max(initial=0)), 0, self._name)
        codes[self._rows] = summed
        log_probs[self._rows] = CELL.log_probs(codes[self._rows])

    def _read_ranks(self, reader: CellReader, ranks: NDArray[np.int32]) -> None:
        size = self._head.header.model.vocabulary_size
        came = iter(self._chunk.target_ranks)
        for position in range(self._first, self._first + self._count):
            for j, token_id in enumerate(reader.target_ids(position)):
                rank = next(came)
                require(
                    rank == 0 if token_id is None else 1 <= rank <= size,
                    f"{self._name} give rank {rank} to target {j} at position {self._head.prompt.positions[position]}, "
                    f"which {'does not exist' if token_id is None else f'must be 1 .. {size}'}",
                )
                ranks[position, j] = rank

    def _read_targets(self, reader: CellReader, i: int, to: Cells, at: int) -> None:
        """A target that is a prediction or an earlier target of the cell has its value from there."""
        position = self._first + i
        last, ids = reader.last_targets(position), reader.target_ids(position)
        cell = to.ids[at, position].tolist()
        for j, token_id in enumerate(ids):
            if token_id is None:
                continue
            if token_id in cell:
                place = cell.index(token_id)
                last[j], value = to.codes[at, position, place], to.log_probs[at, position, place]
            elif token_id in ids[:j]:
                earlier = ids.index(token_id)
                last[j], value = last[earlier], to.target_log_probs[at, position, earlier]
            else:
                last[j], value = self._own_target(int(last[j]))
            to.target_log_probs[at, position, j] = value
            to.target_codes[at, position, j] = last[j]

    def _own_target(self, last: int) -> tuple[int, np.float32]:
        own = self._own_targets
        require(
            self._targets_taken < len(own),
            f"{self._name}: {len(own)} values of targets came where more are promised",
        )
        came = own[self._targets_taken]
        self._targets_taken += 1
        if self._exact:
            return 0, np.float32(came)
        code = CELL.add(last, int(came), self._name)
        return code, CELL.log_probs(np.array([code], np.int32))[0]

    def _read_column(self, reader: CellReader, index: int, column: Column, values: NDArray[np.float32]) -> None:
        came = slice(index * self._count, (index + 1) * self._count)
        last = reader.last_columns(index)[self._rows]
        if self._exact:
            last[:] = 0
            values[self._rows] = self._chunk.column_values[came]
            return
        differences = np.array(self._chunk.column_codes[came], np.int64)
        absent = self._absent(column, reader)
        require(not differences[absent].any(), f"{self._name}: {column.name} has a value where there is none")
        summed = last + differences
        if column.compact_step is None:
            for end in (summed.min(), summed.max()):
                CELL.add(int(end), 0, self._name)
        last[:] = summed
        read = CELL.values(last) if column.compact_step is None else (last * column.compact_step).astype(np.float32)
        values[self._rows] = np.where(absent, np.float32(np.nan), read)

    def _absent(self, column: Column, reader: CellReader) -> NDArray[np.bool_]:
        """What the compact form cannot say by itself: there is no layer after the last, and no token."""
        absent = np.zeros(self._count, np.bool_)
        if column.absent_at_last_read_point and self._chunk.read_point == reader.covered[-1]:
            absent[:] = True
        if column.absent_at_last_token:
            positions = self._head.prompt.positions[self._rows]
            absent |= [not self._head.has_next(position) for position in positions]
        return absent
