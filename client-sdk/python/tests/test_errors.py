"""Failures, with their facts and remedies."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from conftest import PROMPT
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

import stratalens
from stratalens import LensClient, errors, interventions, metrics
from stratalens._status import error_of, error_of_status
from stratalens.v1 import errors_pb2


def test_a_call_that_ended_while_a_message_was_sent_may_be_made_again() -> None:
    nothing = grpc.aio.Metadata()
    # As in _write() of grpc/aio/_call.py: what the server said is lost there.
    failure = grpc.aio.AioRpcError(grpc.StatusCode.INTERNAL, nothing, nothing, "Internal error from Core", "Failed")
    assert isinstance(error_of(failure), errors.UnavailableError)


def test_an_unknown_model_names_those_that_there_are(lens: LensClient) -> None:
    with pytest.raises(errors.UnknownModelError) as caught:
        lens.analyze("a", model="gpt-9")
    assert list(caught.value.detail.served) == ["demo"]
    assert "demo" in str(caught.value)
    assert not caught.value.retryable


def test_a_wrong_field_is_named(lens: LensClient) -> None:
    with pytest.raises(errors.InvalidRequestError) as caught:
        lens.analyze("a", layers=99)
    assert caught.value.detail.field.startswith("layers[0]")
    assert isinstance(caught.value, ValueError)


def test_a_long_prompt_is_refused_with_the_limit(lens: LensClient) -> None:
    with pytest.raises(errors.PromptTooLongError) as caught:
        lens.analyze("word " * 5000)
    assert caught.value.detail.limit > 0


def test_an_unknown_lens_is_refused(lens: LensClient) -> None:
    with pytest.raises(errors.InvalidRequestError, match="tuned"):
        lens.analyze("a", lenses="nothing")


def test_a_timeout(lens: LensClient) -> None:
    with pytest.raises(errors.DeadlineExceededError, match="timeout=") as caught:
        lens.analyze("The capital of France is " * 60, top_k=100, timeout=0.001)
    assert isinstance(caught.value, TimeoutError)


def test_no_server() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with stratalens.connect(f"localhost:{port}") as lens, pytest.raises(errors.UnavailableError, match="Nothing listens") as caught:
        lens.models()
    assert caught.value.retryable


def test_a_host_that_is_not_there() -> None:
    with stratalens.connect("no-such-host.invalid:50061", timeout=10) as lens, pytest.raises(errors.UnavailableError) as caught:
        lens.models()
    assert "There is no host of this name" in str(caught.value)


def test_a_closed_client(lens: LensClient) -> None:
    with stratalens.connect(lens._connection.target) as other:
        assert other.models()
    for ask in (other.models, lambda: other.analyze(PROMPT), lambda: list(other.batch([PROMPT])), lambda: other.generate(PROMPT)):
        with pytest.raises(RuntimeError, match=r"this client is closed; connect\(…\)"):
            ask()


@pytest.mark.parametrize(
    ("ask", "calls"),
    [
        (lambda lens: lens.analyze(PROMPT), 2),
        (lambda lens: lens.sweep(PROMPT, interventions.set_zero(), metrics.logit(5)), 2),
        (lambda lens: lens.generate(PROMPT).read(), 2),
        (lambda lens: asyncio.run(lens.analyze_async(PROMPT)), 2),
        (lambda lens: lens.models(), 2),
        (lambda lens: lens.unload(), 1),
    ],
    ids=["analyze", "sweep", "generate", "analyze_async", "models", "unload"],
)
def test_what_a_server_refuses_before_it_begins_is_asked_again(ask: Callable[[LensClient], object], calls: int) -> None:
    came: list[str] = []

    class Refusing(grpc.GenericRpcHandler):
        def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
            came.append(details.method)

            def refuse(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
                code = grpc.StatusCode.UNAVAILABLE if len(came) == 1 else grpc.StatusCode.INVALID_ARGUMENT
                context.abort(code, f"call {len(came)} is refused")

            return grpc.unary_stream_rpc_method_handler(refuse)

    server = grpc.server(ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers((Refusing(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with (
            stratalens.connect(f"127.0.0.1:{port}") as lens,
            pytest.raises(errors.StratalensError, match=f"call {calls} is refused"),
        ):
            ask(lens)
    finally:
        server.stop(None)
    assert len(came) == calls


def test_tls_to_a_server_of_plain_text(lens: LensClient) -> None:
    with stratalens.connect(lens._connection.target, tls=True) as other, pytest.raises(errors.UnavailableError, match="plain text"):
        other.models()


def test_targets_and_keys_that_cannot_be_right() -> None:
    with pytest.raises(ValueError, match="has no host and port"):
        stratalens.connect("localhost")
    with pytest.raises(ValueError, match=r"plain text, to lens\.example"):
        stratalens.connect("lens.example:50061", tls=False, key="secret")
    with pytest.raises(ValueError, match="one of them"):
        stratalens.connect("localhost:1", key="a", token="b")
    assert stratalens.connect("lens.example:443", key="a")._connection.tls == stratalens.TLS()
    assert stratalens.connect("localhost:1", token=lambda: "t")._connection.metadata() == (("authorization", "Bearer t"),)


@pytest.mark.parametrize("reason", errors_pb2.Reason.values())
def test_every_reason_of_the_contract_has_a_class(reason: int) -> None:
    name = errors_pb2.Reason.Name(reason).removeprefix("REASON_")
    info = any_pb2.Any()
    info.Pack(error_details_pb2.ErrorInfo(domain="stratalens.dev", reason=name))
    error = error_of_status(status_pb2.Status(code=code_pb2.FAILED_PRECONDITION, message="words", details=[info]))
    assert error.reason == name
    assert str(error) == "words"
    assert (type(error) is errors.RefusedError) == (name == "UNSPECIFIED")


def test_an_unknown_reason_is_read_by_its_code_and_keeps_its_details() -> None:
    details = [any_pb2.Any() for _ in range(3)]
    details[0].Pack(error_details_pb2.ErrorInfo(domain="stratalens.dev", reason="NEWER"))
    details[1].Pack(errors_pb2.QueueFull(model="demo", capacity=3))
    details[2].Pack(error_details_pb2.RetryInfo())
    error = error_of_status(status_pb2.Status(code=code_pb2.RESOURCE_EXHAUSTED, message="words", details=details))
    assert type(error) is errors.LimitExceededError
    assert error.reason == "NEWER"
    assert error.detail.capacity == 3
    assert error.retryable


def test_a_model_that_never_fits_is_not_retryable() -> None:
    never = errors.ModelMemoryError("", detail=errors_pb2.ModelMemoryExceeded(needed_bytes=2, budget_bytes=1))
    later = errors.ModelMemoryError("", detail=errors_pb2.ModelMemoryExceeded(needed_bytes=1, budget_bytes=1))
    assert (never.retryable, later.retryable) == (False, True)
