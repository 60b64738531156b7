"""Streams of the cells of a sweep."""

from __future__ import annotations

from collections.abc import Iterator

from stratalens._assembly.sweep import SweepAssembler
from stratalens.answer_stream import AnswerStream, OnProgress
from stratalens.calls import StreamedCall
from stratalens.sweep import SweepCell, SweepResult
from stratalens.v1 import lens_service_pb2


class SweepStream(AnswerStream[lens_service_pb2.SweepResponse, SweepCell, SweepResult]):
    """The cells of one sweep, each as soon as it is computed, in any order: ``for cell in stream``, or ``async for``.

    To leave the loop, or Ctrl-C, cancels the work on the server. After the loop, ``result`` is the whole result; ``read`` and
    ``read_async`` give it without a loop. A stream is read once; it fails with ``BrokenStreamError`` if anything is missing.
    """

    def __init__(
        self,
        call: StreamedCall[lens_service_pb2.SweepResponse],
        request: lens_service_pb2.SweepRequest,
        on_progress: OnProgress | None = None,
    ) -> None:
        super().__init__(call)
        self._assembler = SweepAssembler(request)
        if on_progress is not None:
            self._assembler.on_progress = on_progress

    def _take(self, response: lens_service_pb2.SweepResponse) -> Iterator[SweepCell]:
        for event in response.events:
            self._assembler.add(event)
        while self._assembler.came:
            yield self._assembler.came.popleft()

    def _finish(self) -> SweepResult:
        return self._assembler.finish()
