"""Many prompts over one call."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import grpc

from stratalens._assembly.assembler import Assembler
from stratalens._assembly.broken import broken
from stratalens._status import error_of, error_of_status
from stratalens.calls import batch_call
from stratalens.connection import Connection
from stratalens.errors import StratalensError, UnavailableError
from stratalens.prompts import Prompt, prompt_message
from stratalens.request import Asked, Request
from stratalens.result import LensResult
from stratalens.v1 import lens_service_pb2

_ATTEMPTS = 4
_FIRST_PAUSE = 0.1
"""Seconds; doubles with each attempt that brought nothing."""
_LEAST_ROOM = 16
"""Prompts that may be taken and not given back, unless the server works on more at a time."""


@dataclass(frozen=True, eq=False)
class BatchItem:
    """The answer to one prompt of a batch."""

    index: int
    """Place of the prompt, from 0."""
    prompt: Prompt
    error: StratalensError | None
    """Why this prompt failed; the others go on."""
    _result: LensResult | None

    @property
    def result(self) -> LensResult:
        """The result; raises the error if the prompt failed."""
        if self._result is None:
            assert self.error is not None
            raise self.error
        return self._result

    def __repr__(self) -> str:
        return f"<{self.index}: {self.error or self._result!r}>"


class Batch:
    """Sends prompts as answers are taken, and gives answers as they come. What is taken from the prompts and not given back as an
    answer is at most the server's window, or 16: HTTP/2 holds back only bytes, and thousands of short prompts fit in its window.
    Prompts that come slowly, even from answers, hold up nothing.

    If the server goes away, the prompts without an answer are sent again, unless four attempts in a row bring no answer.
    """

    def __init__(
        self,
        channel: grpc.Channel,
        connection: Connection,
        prompts: Iterable[Prompt],
        asked: Asked,
        timeout: float | None,
    ) -> None:
        self._channel = channel
        self._connection = connection
        self._prompts = enumerate(prompts)
        self._shared = Request.of(None, asked)
        self._special_tokens = asked.get("special_tokens") is not False
        self._timeout = timeout
        self._source = threading.Lock()
        """Held while a prompt is taken, which may last; never waited for under the other lock."""
        self._unsent: tuple[int, Prompt] | None = None
        """A prompt that was taken when its attempt was over."""
        self._lock = threading.Condition()
        self._room = 1
        self._taken = 0
        self._given = 0
        self._waiting: dict[int, Prompt] = {}
        self._fault: Exception | None = None

    def __iter__(self) -> Iterator[BatchItem]:
        fruitless = 0
        while True:
            try:
                for item in self._attempt():
                    fruitless = 0
                    yield item
                return
            except UnavailableError:
                fruitless += 1
                if fruitless == _ATTEMPTS:
                    raise
                time.sleep(_FIRST_PAUSE * 2 ** (fruitless - 1))

    def giving(self, items: Iterable[BatchItem]) -> Iterator[BatchItem]:
        """The same items, of this batch; each that is given makes room for another prompt."""
        for item in items:
            with self._lock:
                self._given += 1
                self._lock.notify_all()
            yield item

    def _attempt(self) -> Iterator[BatchItem]:
        sender = _Sender(self)
        call = batch_call(self._channel)(sender.messages(), timeout=self._timeout, metadata=self._connection.metadata())
        assemblers: dict[int, Assembler] = {}
        try:
            for response in call:
                kind = response.WhichOneof("kind")
                if kind == "events":
                    item = self._read(response.events, assemblers)
                elif kind == "error":
                    prompt = self._answered(response.error.tag)
                    item = BatchItem(response.error.tag, prompt, error_of_status(response.error.status), None)
                else:
                    item = None
                    self._make_room(response.started.window)
                if item is not None:
                    yield item
        except grpc.RpcError as failure:
            raise (self._fault or error_of(failure)) from None
        finally:
            call.cancel()
            sender.close()
        if self._waiting:
            raise broken(f"the stream ended without an answer to {len(self._waiting)} prompts")

    def _read(self, events: lens_service_pb2.BatchEvents, assemblers: dict[int, Assembler]) -> BatchItem | None:
        assembler = assemblers.get(events.tag)
        if assembler is None:
            if events.tag not in self._waiting:
                raise broken(f"events came for the tag {events.tag}, which is not in flight")
            message = lens_service_pb2.AnalyzeRequest()
            message.CopyFrom(self._shared.message)
            message.prompt.CopyFrom(prompt_message(self._waiting[events.tag], self._special_tokens))
            assembler = assemblers[events.tag] = Assembler(Request(message))
        complete = False
        for event in events.events:
            assembler.add(event)
            complete = complete or (event.HasField("summary") and not event.unchanged)
        if not complete:
            return None
        del assemblers[events.tag]
        return BatchItem(events.tag, self._answered(events.tag), None, assembler.finish())

    def _make_room(self, window: int) -> None:
        with self._lock:
            self._room = max(_LEAST_ROOM, window)
            self._lock.notify_all()

    def _answered(self, tag: int) -> Prompt:
        with self._lock:
            if tag not in self._waiting:
                raise broken(f"an answer came for the tag {tag}, which is not in flight")
            return self._waiting.pop(tag)


class _Sender:
    """The messages of one attempt: first what waits since an earlier one. gRPC reads them on a thread of its own."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._again = dict(batch._waiting)
        self._closed = False

    def close(self) -> None:
        with self._batch._lock:
            self._closed = True
            self._batch._lock.notify_all()

    def messages(self) -> Iterator[lens_service_pb2.AnalyzeBatchRequest]:
        yield lens_service_pb2.AnalyzeBatchRequest(defaults=self._batch._shared.message)
        for tag, prompt in self._again.items():
            yield self._message(tag, prompt)
        while True:
            message = self._next()
            if message is None:
                return
            yield message

    def _next(self) -> lens_service_pb2.AnalyzeBatchRequest | None:
        """The next prompt. If this attempt is over by then, the prompt is left to the next one."""
        batch = self._batch
        with batch._lock:
            batch._lock.wait_for(lambda: self._closed or batch._taken - batch._given < batch._room)
        with batch._source:
            if self._closed:
                return None
            if batch._fault is not None:  # found when an earlier attempt was over
                raise batch._fault
            try:
                tag, prompt = batch._unsent or next(batch._prompts)
                message = self._message(tag, prompt)
            except StopIteration:
                return None
            except Exception as fault:  # of the caller's prompts; gRPC would only say that there was one
                batch._fault = fault
                raise
            with batch._lock:
                batch._unsent = (tag, prompt) if self._closed else None
                if self._closed:
                    return None
                batch._taken += 1
                batch._waiting[tag] = prompt
                return message

    def _message(self, tag: int, prompt: Prompt) -> lens_service_pb2.AnalyzeBatchRequest:
        request = lens_service_pb2.AnalyzeRequest(prompt=prompt_message(prompt, self._batch._special_tokens))
        return lens_service_pb2.AnalyzeBatchRequest(prompt=lens_service_pb2.BatchPrompt(tag=tag, request=request))


def in_order(items: Iterable[BatchItem]) -> Iterator[BatchItem]:
    """The items by index; keeps those that come early."""
    early: dict[int, BatchItem] = {}
    index = 0
    for item in items:
        early[item.index] = item
        while index in early:
            yield early.pop(index)
            index += 1
