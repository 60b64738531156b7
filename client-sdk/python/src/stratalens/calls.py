"""The calls of the contract over a channel, with failures as exceptions. A call is canceled at its end, however that comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import grpc
from google.protobuf.message import Message

from stratalens._status import error_of
from stratalens.connection import Connection
from stratalens.v1 import lens_service_pb2, model_service_pb2, server_service_pb2

_Asked = TypeVar("_Asked", bound=Message)
_Answer = TypeVar("_Answer", bound=Message)

PATIENCE = 60.0
"""Seconds that a call may take that only asks: about models, the server, a prompt."""


@dataclass(frozen=True)
class StreamedCall(Generic[_Answer]):
    """A call with many answers that was not made yet."""

    responses: Callable[[], Iterator[_Answer]]
    responses_async: Callable[[], AsyncGenerator[_Answer, None]]


class Method(Generic[_Asked, _Answer]):
    """A call of the contract."""

    def __init__(self, name: str, answer: type[_Answer]) -> None:
        self.path = f"/stratalens.v1.{name}"
        self.answer = answer

    def ask(self, channel: grpc.Channel, connection: Connection, request: _Asked, timeout: float | None) -> _Answer:
        """A call with one answer."""
        call = channel.unary_unary(self.path, _written, self.answer.FromString)
        try:
            return call(request, timeout=timeout, metadata=connection.metadata())
        except grpc.RpcError as failure:
            raise error_of(failure) from None

    def stream(self, channel: grpc.Channel, connection: Connection, request: _Asked, timeout: float | None) -> Iterator[_Answer]:
        """A call with many answers. To leave the loop, or Ctrl-C, cancels it."""
        call = channel.unary_stream(self.path, _written, self.answer.FromString)(
            request, timeout=timeout, metadata=connection.metadata()
        )
        try:
            yield from call
        except grpc.RpcError as failure:
            raise error_of(failure) from None
        finally:
            call.cancel()

    def later(self, channel: grpc.Channel, connection: Connection, request: _Asked, timeout: float | None) -> StreamedCall[_Answer]:
        """The same, made when its answers are asked for, in one way or the other."""
        return StreamedCall(
            lambda: self.stream(channel, connection, request, timeout), lambda: self.stream_async(connection, request, timeout)
        )

    async def stream_async(self, connection: Connection, request: _Asked, timeout: float | None) -> AsyncGenerator[_Answer, None]:
        """The same for the running event loop. Channels to one server share its connections."""
        async with connection.open_async() as channel:
            call = channel.unary_stream(self.path, _written, self.answer.FromString)(
                request, timeout=timeout, metadata=connection.metadata()
            )
            try:
                async for answer in call:
                    yield answer
            except grpc.RpcError as failure:
                raise error_of(failure) from None
            finally:
                call.cancel()


ANALYZE: Method[lens_service_pb2.AnalyzeRequest, lens_service_pb2.AnalyzeResponse] = Method(
    "LensService/Analyze", lens_service_pb2.AnalyzeResponse
)
SWEEP: Method[lens_service_pb2.SweepRequest, lens_service_pb2.SweepResponse] = Method(
    "LensService/Sweep", lens_service_pb2.SweepResponse
)
GENERATE: Method[lens_service_pb2.GenerateRequest, lens_service_pb2.GenerateResponse] = Method(
    "LensService/Generate", lens_service_pb2.GenerateResponse
)
LIST_MODELS: Method[model_service_pb2.ListModelsRequest, model_service_pb2.ListModelsResponse] = Method(
    "ModelService/ListModels", model_service_pb2.ListModelsResponse
)
LOAD_MODEL: Method[model_service_pb2.LoadModelRequest, model_service_pb2.LoadModelResponse] = Method(
    "ModelService/LoadModel", model_service_pb2.LoadModelResponse
)
UNLOAD_MODEL: Method[model_service_pb2.UnloadModelRequest, model_service_pb2.UnloadModelResponse] = Method(
    "ModelService/UnloadModel", model_service_pb2.UnloadModelResponse
)
TOKENIZE: Method[model_service_pb2.TokenizeRequest, model_service_pb2.TokenizeResponse] = Method(
    "ModelService/Tokenize", model_service_pb2.TokenizeResponse
)
RENDER_CHAT: Method[model_service_pb2.RenderChatRequest, model_service_pb2.RenderChatResponse] = Method(
    "ModelService/RenderChat", model_service_pb2.RenderChatResponse
)
SERVER_INFO: Method[server_service_pb2.GetServerInfoRequest, server_service_pb2.GetServerInfoResponse] = Method(
    "ServerService/GetServerInfo", server_service_pb2.GetServerInfoResponse
)


_BATCH = "/stratalens.v1.LensService/AnalyzeBatch"


def batch_call(
    channel: grpc.Channel,
) -> grpc.StreamStreamMultiCallable[lens_service_pb2.AnalyzeBatchRequest, lens_service_pb2.AnalyzeBatchResponse]:
    """The call of a batch, which also sends many messages."""
    return channel.stream_stream(_BATCH, _written, lens_service_pb2.AnalyzeBatchResponse.FromString)


def batch_call_async(
    channel: grpc.aio.Channel,
) -> grpc.aio.StreamStreamMultiCallable[lens_service_pb2.AnalyzeBatchRequest, lens_service_pb2.AnalyzeBatchResponse]:
    """The same for an event loop."""
    return channel.stream_stream(_BATCH, _written, lens_service_pb2.AnalyzeBatchResponse.FromString)


def _written(message: Message) -> bytes:
    return message.SerializeToString()
