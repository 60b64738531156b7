"""Many prompts over one call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import AbstractContextManager, aclosing, closing

import grpc

from stratalens._status import error_of
from stratalens.batch_exchange import BatchExchange
from stratalens.batch_item import BatchItem
from stratalens.calls import batch_call, batch_call_async
from stratalens.connection import Connection
from stratalens.errors import UnavailableError
from stratalens.v1 import lens_service_pb2

_ATTEMPTS = 4
_FIRST_PAUSE = 0.1
"""Seconds; doubles with each attempt that brought nothing."""


class Batch:
    """The answers to many prompts, for ``for`` and ``async for``. Prompts are taken as answers are, so a slow loop holds them back.

    To leave the loop, or Ctrl-C, cancels the work on the server. A batch is read once. If the server goes away, the prompts without
    an answer are sent again, unless four attempts in a row bring no answer.
    """

    def __init__(
        self,
        channel: grpc.Channel,
        connection: Connection,
        exchange: BatchExchange,
        bar: AbstractContextManager[Callable[[], object]],
        timeout: float | None,
    ) -> None:
        self._channel = channel
        self._connection = connection
        self._exchange = exchange
        self._bar = bar
        self._timeout = timeout
        self._begun = False

    def __iter__(self) -> Iterator[BatchItem]:
        self._begin()
        fruitless = 0
        with self._bar as count:
            while True:
                try:
                    with closing(self._responses()) as responses:
                        for response in responses:
                            item = self._exchange.take(response)
                            if item is not None:
                                fruitless = 0
                                count()
                                yield from self._exchange.due(item)
                    self._exchange.require_complete()
                    return
                except UnavailableError:
                    fruitless += 1
                    if fruitless == _ATTEMPTS:
                        raise
                time.sleep(_pause(fruitless))

    async def __aiter__(self) -> AsyncIterator[BatchItem]:
        self._begin()
        fruitless = 0
        async with self._connection.open_async() as channel:
            with self._bar as count:
                while True:
                    try:
                        async with aclosing(self._responses_async(channel)) as responses:
                            async for response in responses:
                                item = self._exchange.take(response)
                                if item is not None:
                                    fruitless = 0
                                    count()
                                    for due in self._exchange.due(item):
                                        yield due
                        self._exchange.require_complete()
                        return
                    except UnavailableError:
                        fruitless += 1
                        if fruitless == _ATTEMPTS:
                            raise
                    await asyncio.sleep(_pause(fruitless))

    def __repr__(self) -> str:
        return f"<Batch, {'begun' if self._begun else 'not read yet: loop over it'}>"

    def _begin(self) -> None:
        if self._begun:
            raise RuntimeError("a batch is read once; ask again for another one")
        self._begun = True

    def _responses(self) -> Generator[lens_service_pb2.AnalyzeBatchResponse, None, None]:
        """The responses of one call."""
        messages = self._exchange.messages(self._exchange.begin())
        call = batch_call(self._channel)(messages, timeout=self._timeout, metadata=self._connection.metadata())
        try:
            yield from call
        except grpc.RpcError as failure:
            raise (self._exchange.fault or error_of(failure)) from None
        finally:
            call.cancel()
            self._exchange.end()

    async def _responses_async(self, channel: grpc.aio.Channel) -> AsyncGenerator[lens_service_pb2.AnalyzeBatchResponse, None]:
        """The responses of one call in the running event loop."""
        messages = self._exchange.messages_async(self._exchange.begin())
        call = batch_call_async(channel)(messages, timeout=self._timeout, metadata=self._connection.metadata())
        try:
            async for response in call:
                yield response
        except grpc.RpcError as failure:
            raise (self._exchange.fault or error_of(failure)) from None
        except asyncio.CancelledError:
            # gRPC cancels the call if the prompts fail.
            if self._exchange.fault is None:
                raise
            raise self._exchange.fault from None
        finally:
            call.cancel()
            self._exchange.end()


def _pause(fruitless: int) -> float:
    return _FIRST_PAUSE * 2.0 ** (fruitless - 1)
