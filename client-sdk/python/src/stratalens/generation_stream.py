"""Streams of generated tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import grpc

from stratalens._assembly.generation import GenerationAssembler
from stratalens.calls import GENERATE
from stratalens.connection import Connection
from stratalens.generation import GeneratedToken, GenerationResult
from stratalens.result import LensResult
from stratalens.stream import OnProgress
from stratalens.v1 import lens_service_pb2


class GenerationStream:
    """The tokens of one generation, each as soon as it is chosen: ``for token in stream``, or ``async for``.

    To leave the loop, or Ctrl-C, cancels the work on the server, which then frees what it keeps of the text. After the loop,
    ``result`` is the whole result; ``read`` and ``read_async`` give it without a loop. A stream is read once; it fails with
    ``BrokenStreamError`` if anything is missing.
    """

    def __init__(
        self,
        channel: grpc.Channel,
        connection: Connection,
        request: lens_service_pb2.GenerateRequest,
        timeout: float | None,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._channel = channel
        self._connection = connection
        self._request = request
        self._timeout = timeout
        self._assembler = GenerationAssembler(request)
        self._chosen_from: LensResult | None = None
        self._result: GenerationResult | None = None
        self._begun = False
        if on_progress is not None:
            self._assembler.on_progress = on_progress

    @property
    def chosen_from(self) -> LensResult:
        """What the lenses read where the last given token was chosen: for the first token over the positions of the prompt, for a
        later one at the position of the token before it. Without a summary."""
        if self._chosen_from is None:
            raise RuntimeError("no token was read yet")
        return self._chosen_from

    @property
    def result(self) -> GenerationResult:
        """The whole result, once all tokens were read."""
        if self._result is None:
            raise RuntimeError("the stream is not read to its end; the result is complete after the loop, or read() it")
        return self._result

    def read(self) -> GenerationResult:
        """Reads all tokens, and gives the whole result."""
        for _ in self:
            pass
        return self.result

    async def read_async(self) -> GenerationResult:
        """The same, to be awaited."""
        async for _ in self:
            pass
        return self.result

    def __iter__(self) -> Iterator[GeneratedToken]:
        self._begin()
        for response in GENERATE.stream(self._channel, self._connection, self._request, self._timeout):
            yield from self._take(response)
        self._result = self._assembler.finish()

    async def __aiter__(self) -> AsyncIterator[GeneratedToken]:
        self._begin()
        responses = GENERATE.stream_async(self._connection, self._request, self._timeout)
        async with aclosing(responses):
            async for response in responses:
                for token in self._take(response):
                    yield token
        self._result = self._assembler.finish()

    def _take(self, response: lens_service_pb2.GenerateResponse) -> Iterator[GeneratedToken]:
        for event in response.events:
            self._assembler.add(event)
        while self._assembler.choices:
            choice = self._assembler.choices.popleft()
            self._chosen_from = choice.read
            yield choice.token

    def _begin(self) -> None:
        if self._begun:
            raise RuntimeError("a stream is read once; call generate(…) again")
        self._begun = True
