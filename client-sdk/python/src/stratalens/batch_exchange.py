"""What is sent and received in a batch, over as many calls as it takes."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator

from stratalens._assembly.assembler import Assembler
from stratalens._assembly.broken import broken
from stratalens._status import error_of_status
from stratalens.batch_item import BatchItem
from stratalens.prompts import Prompt, prompt_message
from stratalens.request import Asked, Request
from stratalens.v1 import lens_service_pb2

_LEAST_ROOM = 16
"""Prompts that may be taken and not given back, unless the server works on more at a time."""


class BatchExchange:
    """The prompts of a batch and their answers. What is taken from the prompts and not given back as an answer is at most the
    server's window, or 16: HTTP/2 holds back only bytes, and thousands of short prompts fit in its window.

    A call is known by its number. It reads its messages on a thread of gRPC's or in the event loop, while answers are received.
    """

    def __init__(self, prompts: Iterable[Prompt], asked: Asked, ordered: bool) -> None:
        self.fault: Exception | None = None
        """Of the caller's prompts; gRPC would only say that there was one."""
        self._prompts = enumerate(prompts)
        self._shared = Request.of(None, asked)
        self._special_tokens = asked.get("special_tokens") is not False
        self._ordered = ordered
        self._call = 0
        self._pulling = threading.Lock()  # an iterator is asked by one thread at a time
        self._lock = threading.Condition()  # of all below
        self._news = asyncio.Event()
        self._room = 1
        self._taken = 0
        self._given = 0
        self._waiting: dict[int, Prompt] = {}
        self._late: deque[int] = deque()
        self._assemblers: dict[int, Assembler] = {}
        self._early: dict[int, BatchItem] = {}

    def begin(self) -> int:
        """Begins a call, and gives its number."""
        with self._lock:
            self._call += 1
            self._assemblers.clear()
            return self._call

    def end(self) -> None:
        """Ends the call: it sends nothing more."""
        with self._lock:
            self._call += 1
            self._changed()

    # ---- what is sent ----

    def messages(self, call: int) -> Iterator[lens_service_pb2.AnalyzeBatchRequest]:
        """The messages of a call, each once there is room for it."""
        yield from self._first(call)
        while (message := self._next(call)) is not None:
            yield message

    async def messages_async(self, call: int) -> AsyncIterator[lens_service_pb2.AnalyzeBatchRequest]:
        """The same for an event loop."""
        for message in self._first(call):
            yield message
        while True:
            while not self._may_send(call):
                self._news.clear()
                await self._news.wait()
            following = self._next(call)
            if following is None:
                return
            yield following

    def _first(self, call: int) -> list[lens_service_pb2.AnalyzeBatchRequest]:
        """What all prompts share, and the prompts that an earlier call left without an answer."""
        with self._lock:
            if call != self._call:
                return []
            self._late.clear()
            waiting = list(self._waiting.items())
        shared = lens_service_pb2.AnalyzeBatchRequest(defaults=self._shared.message)
        return [shared, *(self._message(tag, prompt) for tag, prompt in waiting)]

    def _next(self, call: int) -> lens_service_pb2.AnalyzeBatchRequest | None:
        """The next prompt, once there is room; nothing after the last one and after the call. The prompts may wait, for an answer
        even, so they are not asked under the lock of the answers."""
        with self._pulling:
            with self._lock:
                self._lock.wait_for(lambda: self._may_send(call))
                if call != self._call:
                    return None
                if self._late:
                    tag = self._late.popleft()
                    return self._message(tag, self._waiting[tag])
            try:
                if self.fault is not None:
                    raise self.fault
                tag, prompt = next(self._prompts)
                message = self._message(tag, prompt)
            except StopIteration:
                return None
            except Exception as fault:
                self.fault = fault
                raise
            with self._lock:
                self._taken += 1
                self._waiting[tag] = prompt
                if call != self._call:  # the one that follows sends it
                    self._late.append(tag)
                    self._changed()
            return message

    def _may_send(self, call: int) -> bool:
        """Whether there is room, or the call has ended and so nothing to wait for."""
        return call != self._call or bool(self._late) or self._taken - self._given < self._room

    def _changed(self) -> None:
        self._lock.notify_all()
        self._news.set()

    def _message(self, tag: int, prompt: Prompt) -> lens_service_pb2.AnalyzeBatchRequest:
        request = lens_service_pb2.AnalyzeRequest(prompt=prompt_message(prompt, self._special_tokens))
        return lens_service_pb2.AnalyzeBatchRequest(prompt=lens_service_pb2.BatchPrompt(tag=tag, request=request))

    # ---- what is received ----

    def take(self, response: lens_service_pb2.AnalyzeBatchResponse) -> BatchItem | None:
        """Takes a response, and gives the answer that it completes."""
        kind = response.WhichOneof("kind")
        if kind == "events":
            return self._read(response.events)
        if kind == "error":
            prompt = self._answered(response.error.tag)
            return BatchItem(response.error.tag, prompt, error_of_status(response.error.status), None)
        with self._lock:
            self._room = max(_LEAST_ROOM, response.started.window)
            self._changed()
        return None

    def due(self, item: BatchItem) -> Iterator[BatchItem]:
        """The answers whose turn it is once this one has come. Each that is given makes room for another prompt."""
        self._early[item.index] = item
        index = self._given if self._ordered else item.index
        while index in self._early:
            with self._lock:
                self._given += 1
                self._changed()
            yield self._early.pop(index)
            index += 1

    def require_complete(self) -> None:
        """Fails if the server has ended the batch too early."""
        if self._waiting:
            raise broken(f"the stream ended without an answer to {len(self._waiting)} prompts")

    def _read(self, events: lens_service_pb2.BatchEvents) -> BatchItem | None:
        assembler = self._assemblers.get(events.tag)
        if assembler is None:
            if events.tag not in self._waiting:
                raise broken(f"events came for the tag {events.tag}, which is not in flight")
            message = lens_service_pb2.AnalyzeRequest()
            message.CopyFrom(self._shared.message)
            message.prompt.CopyFrom(prompt_message(self._waiting[events.tag], self._special_tokens))
            assembler = self._assemblers[events.tag] = Assembler(Request(message))
        complete = False
        for event in events.events:
            assembler.add(event)
            complete = complete or (event.HasField("summary") and not event.unchanged)
        if not complete:
            return None
        del self._assemblers[events.tag]
        return BatchItem(events.tag, self._answered(events.tag), None, assembler.finish())

    def _answered(self, tag: int) -> Prompt:
        with self._lock:
            if tag not in self._waiting:
                raise broken(f"an answer came for the tag {tag}, which is not in flight")
            return self._waiting.pop(tag)
