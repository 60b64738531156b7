"""Streams of generated tokens."""

from __future__ import annotations

from collections.abc import Iterator

from stratalens._assembly.generation import GenerationAssembler
from stratalens.answer_stream import AnswerStream, OnProgress
from stratalens.calls import StreamedCall
from stratalens.generation import GeneratedToken, GenerationResult
from stratalens.result import LensResult
from stratalens.v1 import lens_service_pb2


class GenerationStream(AnswerStream[lens_service_pb2.GenerateResponse, GeneratedToken, GenerationResult]):
    """The tokens of one generation, each as soon as it is chosen: ``for token in stream``, or ``async for``.

    To leave the loop, or Ctrl-C, cancels the work on the server, which then frees what it keeps of the text. After the loop,
    ``result`` is the whole result; ``read`` and ``read_async`` give it without a loop. A stream is read once; it fails with
    ``BrokenStreamError`` if anything is missing.
    """

    def __init__(
        self,
        call: StreamedCall[lens_service_pb2.GenerateResponse],
        request: lens_service_pb2.GenerateRequest,
        on_progress: OnProgress | None = None,
    ) -> None:
        super().__init__(call)
        self._assembler = GenerationAssembler(request)
        self._chosen_from: LensResult | None = None
        if on_progress is not None:
            self._assembler.on_progress = on_progress

    @property
    def chosen_from(self) -> LensResult:
        """What the lenses read where the last given token was chosen: for the first token over the positions of the prompt, for a
        later one at the position of the token before it. Without a summary."""
        if self._chosen_from is None:
            raise RuntimeError("no token was read yet")
        return self._chosen_from

    def _take(self, response: lens_service_pb2.GenerateResponse) -> Iterator[GeneratedToken]:
        for event in response.events:
            self._assembler.add(event)
        while self._assembler.choices:
            choice = self._assembler.choices.popleft()
            self._chosen_from = choice.read
            yield choice.token

    def _finish(self) -> GenerationResult:
        return self._assembler.finish()
