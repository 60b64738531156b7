"""Answers that come in parts, each given as soon as it is complete."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Generic, TypeVar

from google.protobuf.message import Message

from stratalens.calls import StreamedCall
from stratalens.v1 import lens_pb2

_Answer = TypeVar("_Answer", bound=Message)
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

OnProgress = Callable[[lens_pb2.Progress], None]
"""Is told of the phase of the work, and how far it is: ``progress.done`` of ``progress.total``."""


class AnswerStream(ABC, Generic[_Answer, _Item, _Result]):
    """The items of one answer, for ``for`` and ``async for``.

    To leave the loop, or Ctrl-C, cancels the work on the server. After the loop, ``result`` is the whole result; ``read`` and
    ``read_async`` give it without a loop. A stream is read once; it fails with ``BrokenStreamError`` if anything is missing.
    """

    def __init__(self, call: StreamedCall[_Answer]) -> None:
        self._call = call
        self._result: _Result | None = None
        self._begun = False

    @property
    def result(self) -> _Result:
        """The whole result, once all items were read."""
        if self._result is None:
            raise RuntimeError("the stream is not read to its end; the result is complete after the loop, or read() it")
        return self._result

    def read(self) -> _Result:
        """Reads all items, and gives the whole result."""
        for _ in self:
            pass
        return self.result

    async def read_async(self) -> _Result:
        """The same, to be awaited."""
        async for _ in self:
            pass
        return self.result

    def __repr__(self) -> str:
        state = "read" if self._result is not None else "begun" if self._begun else "not read yet: loop over it, or read() it"
        return f"<{type(self).__name__}, {state}>"

    def __iter__(self) -> Iterator[_Item]:
        self._begin()
        for response in self._call.responses():
            yield from self._take(response)
        self._result = self._finish()

    async def __aiter__(self) -> AsyncIterator[_Item]:
        self._begin()
        async with aclosing(self._call.responses_async()) as responses:
            async for response in responses:
                for item in self._take(response):
                    yield item
        self._result = self._finish()

    @abstractmethod
    def _take(self, response: _Answer) -> Iterator[_Item]:
        """Takes a response, and gives the items that it completes."""

    @abstractmethod
    def _finish(self) -> _Result:
        """The result, at the end of the stream."""

    def _begin(self) -> None:
        if self._begun:
            raise RuntimeError("a stream is read once; ask again for another one")
        self._begun = True
