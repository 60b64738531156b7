"""Takes the events of one sweep, and gives its grid of values."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from stratalens._assembly.broken import broken, require
from stratalens._assembly.prompt import PromptReader
from stratalens._assembly.vocabulary import Vocabulary
from stratalens.sweep import SweepCell, SweepResult
from stratalens.v1 import lens_pb2, lens_service_pb2

_KINDS = ("progress", "header", "prompt_chunk", "cells", "summary")


class SweepAssembler:
    """Refuses every stream that is not header, prompt chunks, cells, summary, each whole. Progress may come between any two."""

    def __init__(self, request: lens_service_pb2.SweepRequest) -> None:
        self._request = request
        self._header: lens_service_pb2.SweepHeader | None = None
        self._prompt: PromptReader | None = None
        self._values = np.zeros(0, np.float32)
        self._is_there = np.zeros(0, np.bool_)
        self._result: SweepResult | None = None
        self.came: deque[SweepCell] = deque()
        """Cells that came and were not taken."""
        self.on_progress: Callable[[lens_pb2.Progress], None] = lambda progress: None

    def add(self, event: lens_service_pb2.SweepEvent) -> None:
        kind = event.WhichOneof("kind")
        if kind not in _KINDS:
            return  # Of a newer server.
        require(self._result is None, f"{kind} came after the summary")
        if kind == "progress":
            self.on_progress(event.progress)
        elif kind == "header":
            self._add_header(event.header)
        elif kind == "prompt_chunk":
            self._add_prompt(event.prompt_chunk)
        elif kind == "cells":
            self._add_cells(event.cells)
        else:
            self._add_summary(event.summary)

    def finish(self) -> SweepResult:
        """The result, at the end of the stream."""
        if self._result is None:
            raise broken("the sweep ended without a summary")
        return self._result

    def _add_header(self, header: lens_service_pb2.SweepHeader) -> None:
        require(self._header is None, "a second header came")
        require(len(header.layers) > 0, "the header of the sweep has no layers")
        require(
            bool(header.heads) == self._request.by_head,
            f"each head alone: asked for {self._request.by_head}, the header has {len(header.heads)} heads",
        )
        require(
            header.request_id == self._request.request_id,
            f"request id: asked for {self._request.request_id!r}, the header says {header.request_id!r}",
        )
        self._header = header
        self._prompt = PromptReader(header.token_count, Vocabulary(header.model.token_spelling, header.model.vocabulary_size))

    def _add_prompt(self, chunk: lens_pb2.PromptChunk) -> None:
        if self._header is None or self._prompt is None:
            raise broken("a prompt chunk came before the header")
        self._prompt.add(chunk)
        if self._prompt.complete:
            positions = list(self._header.positions)
            require(
                self._prompt.positions == positions and len(positions) > 0,
                f"the positions of header and prompt differ: {positions} and {self._prompt.positions}",
            )
            count = len(self._header.layers) * len(positions) * max(1, len(self._header.heads))
            require(count < 2**31, f"the header promises {count} cells, more than can be kept")
            self._values = np.zeros(count, np.float32)
            self._is_there = np.zeros(count, np.bool_)

    def _add_cells(self, cells: lens_service_pb2.SweepCells) -> None:
        header, prompt = self._known("cells")
        first, last = cells.first_cell, cells.first_cell + len(cells.values)
        require(first >= 0 and last <= len(self._values), f"cells {first} .. {last - 1} came for a grid of {len(self._values)}")
        require(not self._is_there[first:last].any(), f"a cell of {first} .. {last - 1} came twice")
        self._is_there[first:last] = True
        self._values[first:last] = cells.values
        self.came.extend(self._cell(header, prompt, index) for index in range(first, last))

    def _cell(self, header: lens_service_pb2.SweepHeader, prompt: PromptReader, index: int) -> SweepCell:
        """Cells are counted by layer, then position, then head."""
        row, head = divmod(index, max(1, len(header.heads)))
        layer, place = divmod(row, len(header.positions))
        position, value = header.positions[place], self._values[index]
        return SweepCell(
            layer=header.layers[layer],
            position=position,
            head=header.heads[head] if header.heads else None,
            token=prompt.tokens[position],
            value=float(value),
            change=float(value - np.float32(header.unchanged)),
        )

    def _add_summary(self, summary: lens_service_pb2.SweepSummary) -> None:
        header, prompt = self._known("the summary")
        came = int(self._is_there.sum())
        require(
            summary.cell_count == came == len(self._values),
            f"the summary counts {summary.cell_count} cells where {came} of {len(self._values)} came",
        )
        self._result = SweepResult(
            header,
            self._request,
            tuple(prompt.tokens),
            self._values,
            queued_ms=summary.queued.ToNanoseconds() / 1e6,
            computed_ms=summary.computed.ToNanoseconds() / 1e6,
        )

    def _known(self, what: str) -> tuple[lens_service_pb2.SweepHeader, PromptReader]:
        if self._header is None or self._prompt is None or not self._prompt.complete:
            raise broken(f"{what} came before all of the prompt")
        return self._header, self._prompt
