"""Clients of a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from typing import TYPE_CHECKING, Any, TypeVar

import grpc
from google.protobuf.message import Message

from stratalens import progress as bars
from stratalens._assembly.prompt import tokenization
from stratalens.answer_stream import OnProgress
from stratalens.arguments import of_kind, seconds
from stratalens.batch import Batch
from stratalens.batch_exchange import BatchExchange
from stratalens.calls import (
    ANALYZE,
    GENERATE,
    LIST_MODELS,
    LOAD_MODEL,
    PATIENCE,
    RENDER_CHAT,
    SERVER_INFO,
    SWEEP,
    TOKENIZE,
    UNLOAD_MODEL,
    Method,
    StreamedCall,
)
from stratalens.connection import TLS, Connection, connection
from stratalens.generation import Sampling, options_message
from stratalens.generation_stream import GenerationStream
from stratalens.interventions import Intervention
from stratalens.metrics import Metric
from stratalens.prompts import Chat, Prompt, prompt_message, prompts_of_batch
from stratalens.request import Asked, Request, SweepAsked, asking, sweep_message, sweeping
from stratalens.result import LensResult
from stratalens.stream import LensStream
from stratalens.sweep import SweepResult
from stratalens.sweep_stream import SweepStream
from stratalens.tokens import PromptToken
from stratalens.v1 import lens_service_pb2, model_service_pb2, server_service_pb2

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

_Asked = TypeVar("_Asked", bound=Message)
_Answer = TypeVar("_Answer", bound=Message)


def connect(
    target: str = "localhost:50061",
    *,
    tls: TLS | bool | None = None,
    key: str | Callable[[], str] | None = None,
    token: str | Callable[[], str] | None = None,
    timeout: float | None = None,
) -> LensClient:
    """A client of the server at ``host:port``. Touches no network.

    tls: whether TLS is spoken, with the system's certificates or with those of a ``TLS``. By default plain text within this
        machine, and TLS to others.
    key, token: sent with each call as ``x-api-key`` or ``authorization: Bearer``; a function is asked for it each time. Never
        sent in plain text to another machine.
    timeout: seconds that each call may take, above 0. By default a call that only asks has a minute, and work has no limit.
    """
    return LensClient(connection(target, tls, key, token), timeout)


class LensClient:
    """Asks a server. Thread-safe. ``close`` it, or use ``with``; what it gave stays usable.

    Failures are ``StratalensError``s. Calls that the server refused before they began are made again, up to four times.
    """

    def __init__(self, connection: Connection, timeout: float | None = None, on_close: Callable[[], Any] | None = None) -> None:
        self._connection = connection
        self._timeout = seconds("timeout", timeout)
        self._on_close = on_close
        self._opened = connection.open()
        self._closed = False

    @asking
    def analyze(
        self, prompt: Prompt, *, timeout: float | None = None, progress: bool = False, **asked: Unpack[Asked]
    ) -> LensResult:
        """Computes lenses over a prompt: a text, vocabulary ids, or a ``Chat``.

        timeout: seconds that the call may take; by default those of ``connect``.
        progress: whether a bar of tqdm shows how far the work is, if it is installed. Ctrl-C cancels the work on the server.
        """
        with bars.phases(progress) as show:
            return self._stream(prompt, timeout, show, asked).read()

    @asking
    async def analyze_async(self, prompt: Prompt, *, timeout: float | None = None, **asked: Unpack[Asked]) -> LensResult:
        """Computes lenses over a prompt, as ``analyze``; to be awaited."""
        return await self._stream(prompt, timeout, None, asked).read_async()

    @asking
    def stream(
        self,
        prompt: Prompt,
        *,
        timeout: float | None = None,
        on_progress: OnProgress | None = None,
        **asked: Unpack[Asked],
    ) -> LensStream:
        """The layers of an analysis, each as soon as it is complete, for ``for`` and ``async for``."""
        return self._stream(prompt, timeout, on_progress, asked)

    @asking
    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int | None = None,
        sampling: Sampling | None = None,
        forced: Iterable[int] | None = None,
        stop_texts: str | Iterable[str] | None = None,
        ignore_end_tokens: bool = False,
        timeout: float | None = None,
        on_progress: OnProgress | None = None,
        **asked: Unpack[Asked],
    ) -> GenerationStream:
        """Generates text, and reads each new token as the model makes it: tokens for ``for`` and ``async for``, or ``read()`` for
        the whole result.

        max_tokens: largest number; by default 64, or as many as fit in the model's context.
        sampling: how tokens are drawn; by default always the best one.
        forced: vocabulary ids to begin with, whatever the model would choose.
        stop_texts: texts that end the generation once the generated text contains one; at most 16.
        ignore_end_tokens: whether tokens that end a text are tokens like any other.
        """
        options = options_message(max_tokens, sampling, forced, stop_texts, ignore_end_tokens)
        request = lens_service_pb2.GenerateRequest(request=Request.of(prompt, asked).message, options=options)
        return GenerationStream(self._call(GENERATE, request, timeout), request, on_progress)

    @sweeping
    def sweep(
        self,
        prompt: Prompt,
        intervention: Intervention,
        metric: Metric,
        *,
        timeout: float | None = None,
        progress: bool = False,
        **asked: Unpack[SweepAsked],
    ) -> SweepResult:
        """Applies an intervention at each layer and position of its rows alone, and measures how far each change moves a metric.

        intervention: of ``stratalens.interventions``; its rows are the grid.
        metric: of ``stratalens.metrics``.
        progress: whether a bar of tqdm shows how far the work is, if it is installed. Ctrl-C cancels the work on the server.
        """
        request = sweep_message(prompt, intervention, metric, asked)
        with bars.phases(progress) as show:
            return self._sweep(request, timeout, show).read()

    @sweeping
    async def sweep_async(
        self,
        prompt: Prompt,
        intervention: Intervention,
        metric: Metric,
        *,
        timeout: float | None = None,
        **asked: Unpack[SweepAsked],
    ) -> SweepResult:
        """A sweep, as ``sweep`` makes it; to be awaited."""
        request = sweep_message(prompt, intervention, metric, asked)
        return await self._sweep(request, timeout, None).read_async()

    @sweeping
    def sweep_stream(
        self,
        prompt: Prompt,
        intervention: Intervention,
        metric: Metric,
        *,
        timeout: float | None = None,
        on_progress: OnProgress | None = None,
        **asked: Unpack[SweepAsked],
    ) -> SweepStream:
        """The cells of a sweep, each as soon as it is computed, for ``for`` and ``async for``."""
        request = sweep_message(prompt, intervention, metric, asked)
        return self._sweep(request, timeout, on_progress)

    @asking
    def batch(
        self,
        prompts: Iterable[Prompt],
        *,
        ordered: bool = True,
        progress: bool = False,
        timeout: float | None = None,
        **asked: Unpack[Asked],
    ) -> Batch:
        """Analyzes many prompts over one call, for ``for`` and ``async for``. Prompts are taken from the iterable as answers are:
        those without an answer are at most as many as the server works on at a time (``server().limits.batch_window``), or 16.
        ``for`` takes them on a thread of gRPC's, so they may wait, for an answer even; ``async for`` takes them in the event loop.

        ordered: whether answers come in the order of the prompts; else as they are done.
        progress: whether a bar of tqdm counts the answers, if it is installed.
        """
        exchange = BatchExchange(prompts_of_batch(prompts), asked, ordered)
        bar = bars.counting(progress, len(prompts) if isinstance(prompts, Sized) else None)
        return Batch(self._channel, self._connection, exchange, bar, self._time(timeout))

    def models(self) -> list[model_service_pb2.ModelStatus]:
        """The served models by name, with their state and, once loaded, their description."""
        found: list[model_service_pb2.ModelStatus] = []
        page: str | None = None
        while True:
            request = model_service_pb2.ListModelsRequest(page_token=page)
            answer = LIST_MODELS.ask(self._channel, self._connection, request, self._patience())
            found += answer.models
            if not answer.HasField("next_page_token"):
                return found
            page = answer.next_page_token

    def load(self, model: str | None = None) -> model_service_pb2.ModelStatus:
        """Loads a model, as the first request for it would."""
        request = model_service_pb2.LoadModelRequest(model=model)
        status: model_service_pb2.ModelStatus | None = None
        for answer in LOAD_MODEL.stream(self._channel, self._connection, request, self._timeout):
            if answer.HasField("model"):
                status = answer.model
        if status is None:
            raise RuntimeError("the server ended the call without the loaded model")
        return status

    def unload(self, model: str | None = None) -> None:
        """Frees the memory of a model."""
        request = model_service_pb2.UnloadModelRequest(model=model)
        UNLOAD_MODEL.ask(self._channel, self._connection, request, self._patience())

    def tokenize(self, prompt: Prompt, *, model: str | None = None, special_tokens: bool = True) -> list[PromptToken]:
        """The tokens of a prompt, as an analysis reads it."""
        request = model_service_pb2.TokenizeRequest(model=model, prompt=prompt_message(prompt, special_tokens))
        return tokenization(TOKENIZE.stream(self._channel, self._connection, request, self._patience()))[0]

    def render(self, chat: Chat, *, model: str | None = None) -> str:
        """A chat as the text that the model's template makes of it."""
        of_kind("chat", chat, Chat, "Chat([{'role': 'user', 'content': '…'}])")
        request = model_service_pb2.RenderChatRequest(model=model, chat=chat.message())
        return RENDER_CHAT.ask(self._channel, self._connection, request, self._patience()).text

    def server(self) -> server_service_pb2.GetServerInfoResponse:
        """The server: version, features, limits, devices."""
        request = server_service_pb2.GetServerInfoRequest()
        return SERVER_INFO.ask(self._channel, self._connection, request, self._patience())

    def close(self) -> None:
        """Ends all calls, and a server that ``local`` started."""
        self._closed = True
        self._opened.close()
        if self._on_close is not None:
            self._on_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<client of {self._connection.target}>"

    @property
    def _channel(self) -> grpc.Channel:
        if self._closed:
            raise RuntimeError("this client is closed; connect(…) or local(…) gives another one")
        return self._opened

    def _stream(self, prompt: Prompt, timeout: float | None, on_progress: OnProgress | None, asked: Asked) -> LensStream:
        request = Request.of(prompt, asked)
        return LensStream(self._call(ANALYZE, request.message, timeout), request, on_progress)

    def _sweep(self, request: lens_service_pb2.SweepRequest, timeout: float | None, on_progress: OnProgress | None) -> SweepStream:
        return SweepStream(self._call(SWEEP, request, timeout), request, on_progress)

    def _call(self, method: Method[_Asked, _Answer], request: _Asked, timeout: float | None) -> StreamedCall[_Answer]:
        return method.later(self._channel, self._connection, request, self._time(timeout))

    def _time(self, timeout: float | None) -> float | None:
        """Seconds that a call may take."""
        return self._timeout if timeout is None else seconds("timeout", timeout)

    def _patience(self) -> float:
        return self._timeout or PATIENCE
