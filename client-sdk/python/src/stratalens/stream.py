"""Streams of layers."""

from __future__ import annotations

from collections.abc import Iterator

from stratalens._assembly.assembler import Assembler
from stratalens.answer_stream import AnswerStream, OnProgress
from stratalens.calls import StreamedCall
from stratalens.layer_result import LayerResult
from stratalens.request import Request
from stratalens.result import LensResult
from stratalens.v1 import lens_service_pb2


class LensStream(AnswerStream[lens_service_pb2.AnalyzeResponse, LayerResult, LensResult]):
    """The layers of one analysis, each as soon as it is complete: ``for layer in stream``, or ``async for``.

    To leave the loop, or Ctrl-C, cancels the work on the server. After the loop, ``result`` is the whole result; ``read`` and
    ``read_async`` give it without a loop. A stream is read once; it fails with ``BrokenStreamError`` if anything is missing.
    """

    def __init__(
        self, call: StreamedCall[lens_service_pb2.AnalyzeResponse], request: Request, on_progress: OnProgress | None = None
    ) -> None:
        super().__init__(call)
        self._assembler = Assembler(request)
        if on_progress is not None:
            self._assembler.on_progress = on_progress

    def _take(self, response: lens_service_pb2.AnalyzeResponse) -> Iterator[LayerResult]:
        for event in response.events:
            self._assembler.add(event)
        return iter(self._assembler.layers())

    def _finish(self) -> LensResult:
        return self._assembler.finish()
