"""Takes the events of one sweep, and gives its grid of values."""

from __future__ import annotations

import numpy as np

from stratalens._assembly.broken import broken, require
from stratalens._assembly.prompt import PromptReader
from stratalens._assembly.vocabulary import Vocabulary
from stratalens.sweep import SweepResult
from stratalens.v1 import lens_pb2, lens_service_pb2

_KINDS = ("progress", "header", "prompt_chunk", "cells", "summary")


class SweepAssembler:
    """Refuses every stream that is not header, prompt chunks, cells, summary, each whole. Progress may come between any two."""

    def __init__(self, request: lens_service_pb2.SweepRequest) -> None:
        self._request = request
        self._header: lens_service_pb2.SweepHeader | None = None
        self._prompt: PromptReader | None = None
        self._values = np.zeros(0, np.float32)
        self._came = np.zeros(0, np.bool_)
        self._result: SweepResult | None = None

    def add(self, event: lens_service_pb2.SweepEvent) -> lens_pb2.Progress | None:
        """Takes an event; returns the state of the work if that is what it tells."""
        kind = event.WhichOneof("kind")
        if kind not in _KINDS:
            return None  # Of a newer server.
        require(self._result is None, f"{kind} came after the summary")
        if kind == "progress":
            return event.progress
        if kind == "header":
            self._add_header(event.header)
        elif kind == "prompt_chunk":
            self._add_prompt(event.prompt_chunk)
        elif kind == "cells":
            self._add_cells(event.cells)
        else:
            self._add_summary(event.summary)
        return None

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
            self._values = np.zeros(count, np.float32)
            self._came = np.zeros(count, np.bool_)

    def _add_cells(self, cells: lens_service_pb2.SweepCells) -> None:
        self._known("cells")
        first, last = cells.first_cell, cells.first_cell + len(cells.values)
        require(first >= 0 and last <= len(self._values), f"cells {first} .. {last - 1} came for a grid of {len(self._values)}")
        require(not self._came[first:last].any(), f"a cell of {first} .. {last - 1} came twice")
        self._came[first:last] = True
        self._values[first:last] = cells.values

    def _add_summary(self, summary: lens_service_pb2.SweepSummary) -> None:
        header, prompt = self._known("the summary")
        came = int(self._came.sum())
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
