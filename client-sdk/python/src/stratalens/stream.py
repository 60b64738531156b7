"""Streams of layers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing

import grpc

from stratalens._assembly.assembler import Assembler
from stratalens.calls import ANALYZE
from stratalens.connection import Connection
from stratalens.layer_result import LayerResult
from stratalens.request import Request
from stratalens.result import LensResult
from stratalens.v1 import lens_pb2

OnProgress = Callable[[lens_pb2.Progress], None]


class LensStream:
    """The layers of one analysis, each as soon as it is complete: ``for layer in stream``, or ``async for``.

    To leave the loop, or Ctrl-C, cancels the work on the server. After the loop, ``result`` is the whole result. A stream is read
    once; it fails with ``BrokenStreamError`` if anything is missing.
    """

    def __init__(
        self,
        channel: grpc.Channel,
        connection: Connection,
        request: Request,
        timeout: float | None,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._channel = channel
        self._connection = connection
        self._request = request
        self._timeout = timeout
        self._assembler = Assembler(request)
        self._result: LensResult | None = None
        self._begun = False
        if on_progress is not None:
            self._assembler.on_progress = on_progress

    @property
    def result(self) -> LensResult:
        """The whole result, once all layers were read."""
        if self._result is None:
            raise RuntimeError("the stream is not read to its end; the result is complete after the loop")
        return self._result

    def __iter__(self) -> Iterator[LayerResult]:
        self._begin()
        for response in ANALYZE.stream(self._channel, self._connection, self._request.message, self._timeout):
            for event in response.events:
                self._assembler.add(event)
            yield from self._assembler.layers()
        self._result = self._assembler.finish()

    async def __aiter__(self) -> AsyncIterator[LayerResult]:
        self._begin()
        responses = ANALYZE.stream_async(self._connection, self._request.message, self._timeout)
        async with aclosing(responses):
            async for response in responses:
                for event in response.events:
                    self._assembler.add(event)
                for layer in self._assembler.layers():
                    yield layer
        self._result = self._assembler.finish()

    def _begin(self) -> None:
        if self._begun:
            raise RuntimeError("a stream is read once; call stream(…) again")
        self._begun = True
