"""A server that goes away in the middle of a batch: what has no answer is sent again, and nothing twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import pytest
from conftest import PROMPT
from test_vectors import VECTORS, events

import stratalens
from stratalens.errors import BrokenStreamError, UnavailableError
from stratalens.v1 import lens_service_pb2

Asked = lens_service_pb2.AnalyzeBatchRequest
Answer = lens_service_pb2.AnalyzeBatchResponse
Read = Callable[[stratalens.Batch], list[stratalens.BatchItem]]
Script = Callable[[int, Iterator[Asked], grpc.ServicerContext], Iterator[Answer]]


class Replaying(grpc.GenericRpcHandler):
    """Gives the recorded answer of a real server to each prompt, as a script wants it."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.calls = 0
        self.tags: list[int] = []

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Asked, Answer]:
        return grpc.stream_stream_rpc_method_handler(self._answer, Asked.FromString, Answer.SerializeToString)

    def _answer(self, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        self.calls += 1
        yield Answer(started=lens_service_pb2.BatchStarted(window=4))
        yield from self._script(self.calls, self._noted(requests), context)

    def _noted(self, requests: Iterator[Asked]) -> Iterator[Asked]:
        for request in requests:
            if request.HasField("prompt"):
                self.tags.append(request.prompt.tag)
                yield request


@contextmanager
def replaying(script: Script) -> Iterator[tuple[Replaying, stratalens.LensClient]]:
    handler = Replaying(script)
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with stratalens.connect(f"127.0.0.1:{port}") as lens:
            yield handler, lens
    finally:
        server.stop(None)


def recorded(tag: int) -> Answer:
    return Answer(events=lens_service_pb2.BatchEvents(tag=tag, events=events(VECTORS / "plain")))


def batch(lens: stratalens.LensClient, prompts: Iterable[str], ordered: bool = True) -> stratalens.Batch:
    return lens.batch(prompts, ordered=ordered, layers=[0, 9], statistics=["entropy"], trajectories=False, top_k=3)


def ask(lens: stratalens.LensClient, read: Read, count: int, ordered: bool = True) -> list[stratalens.BatchItem]:
    return read(batch(lens, [PROMPT] * count, ordered))


def read_async(asked: stratalens.Batch) -> list[stratalens.BatchItem]:
    async def items() -> list[stratalens.BatchItem]:
        return [item async for item in asked]

    return asyncio.run(items())


ways = pytest.mark.parametrize("read", [list, read_async], ids=["for", "async for"])


@ways
def test_what_has_no_answer_is_sent_again(read: Read) -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        for at, request in enumerate(requests):
            if call < 3 and at == 2:
                context.abort(grpc.StatusCode.UNAVAILABLE, "the server goes away")
            yield recorded(request.prompt.tag)

    with replaying(script) as (server, lens):
        items = ask(lens, read, 10)
    assert [item.index for item in items] == list(range(10))
    assert all(item.result.layers == (0, 9) for item in items)
    assert server.calls == 3
    assert server.tags.count(0) == 1  # it had its answer
    assert server.tags.count(2) == 2


@ways
def test_half_an_answer_does_not_count(read: Read) -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        for request in requests:
            whole = recorded(request.prompt.tag)
            if call == 1:
                del whole.events.events[3:]
                yield whole
                context.abort(grpc.StatusCode.UNAVAILABLE, "the server goes away")
            yield whole

    with replaying(script) as (server, lens):
        (item,) = ask(lens, read, 1)
    assert item.result.info.prompt == PROMPT
    assert server.tags == [0, 0]


@ways
def test_a_server_that_stays_away_is_given_up(read: Read) -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        context.abort(grpc.StatusCode.UNAVAILABLE, "the server goes away")
        yield Answer()

    with replaying(script) as (server, lens), pytest.raises(UnavailableError):
        ask(lens, read, 1)
    assert server.calls == 4


@ways
def test_answers_come_as_they_are_done_or_in_order(read: Read) -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        tags = [next(requests).prompt.tag for _ in range(3)]
        yield from (recorded(tag) for tag in reversed(tags))

    with replaying(script) as (_, lens):
        assert [item.index for item in ask(lens, read, 3, ordered=False)] == [2, 1, 0]
        assert [item.index for item in ask(lens, read, 3)] == [0, 1, 2]


def test_an_answer_that_waits_for_its_turn_makes_no_room() -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        for _ in range(2):
            yield from (recorded(tag) for tag in reversed([next(requests).prompt.tag for _ in range(16)]))

    most = given = 0

    def prompts() -> Iterator[str]:
        nonlocal most
        for index in range(32):
            most = max(most, index + 1 - given)
            yield PROMPT

    with replaying(script) as (_, lens):
        for item in batch(lens, prompts()):
            assert item.index == given
            given += 1
    assert given == 32
    assert 16 <= most <= 17


def test_to_leave_the_loop_cancels_the_call() -> None:
    canceled = threading.Semaphore(0)

    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        context.add_callback(canceled.release)
        yield recorded(next(requests).prompt.tag)
        for _ in requests:  # until the call ends
            pass

    def endless() -> Iterator[str]:
        while True:
            yield PROMPT

    async def leave(lens: stratalens.LensClient) -> None:
        async for _ in batch(lens, endless()):
            break
        assert await asyncio.to_thread(canceled.acquire, timeout=60)

    with replaying(script) as (_, lens):
        for _ in batch(lens, endless()):
            break
        assert canceled.acquire(timeout=60)
        asyncio.run(leave(lens))


def test_prompts_that_wait_when_the_server_goes_away_are_sent_by_the_next_call() -> None:
    gone = threading.Event()

    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        if call == 1:
            yield recorded(next(requests).prompt.tag)
            context.abort(grpc.StatusCode.UNAVAILABLE, "the server goes away")
        gone.set()
        yield from (recorded(request.prompt.tag) for request in requests)

    def prompts() -> Iterator[str]:
        yield PROMPT
        assert gone.wait(60)  # until the second call has begun
        yield from (PROMPT, PROMPT)

    with replaying(script) as (server, lens):
        assert [item.index for item in batch(lens, prompts())] == [0, 1, 2]
    assert server.tags == [0, 1, 2]


@ways
@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([], "ended without an answer to 1 prompts"),
        ([recorded(7)], "tag 7, which is not in flight"),
        ([recorded(0), recorded(0)], "tag 0, which is not in flight"),
    ],
)
def test_a_batch_that_contradicts_itself_is_broken(answers: list[Answer], words: str, read: Read) -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        next(requests)
        yield from answers

    with replaying(script) as (_, lens), pytest.raises(BrokenStreamError, match=words):
        ask(lens, read, 1)
