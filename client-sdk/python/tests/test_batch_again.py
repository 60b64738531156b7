"""A server that goes away in the middle of a batch: what has no answer is sent again, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import grpc
import pytest
from conftest import PROMPT
from test_vectors import VECTORS, events

import stratalens
from stratalens.errors import BrokenStreamError, UnavailableError
from stratalens.v1 import lens_service_pb2

Asked = lens_service_pb2.AnalyzeBatchRequest
Answer = lens_service_pb2.AnalyzeBatchResponse
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


def ask(lens: stratalens.LensClient, count: int, ordered: bool = True) -> list[stratalens.BatchItem]:
    prompts = [PROMPT] * count
    asked = lens.batch(prompts, ordered=ordered, layers=[0, 9], statistics=["entropy"], trajectories=False, top_k=3)
    return list(asked)


def test_what_has_no_answer_is_sent_again() -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        for at, request in enumerate(requests):
            if call < 3 and at == 2:
                context.abort(grpc.StatusCode.UNAVAILABLE, "the server goes away")
            yield recorded(request.prompt.tag)

    with replaying(script) as (server, lens):
        items = ask(lens, 10)
    assert [item.index for item in items] == list(range(10))
    assert all(item.result.layers == (0, 9) for item in items)
    assert server.calls == 3
    assert server.tags.count(0) == 1  # it had its answer
    assert server.tags.count(2) == 2


def test_half_an_answer_does_not_count() -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        for request in requests:
            whole = recorded(request.prompt.tag)
            if call == 1:
                del whole.events.events[3:]
                yield whole
                context.abort(grpc.StatusCode.UNAVAILABLE, "the server goes away")
            yield whole

    with replaying(script) as (server, lens):
        (item,) = ask(lens, 1)
    assert item.result.info.prompt == PROMPT
    assert server.tags == [0, 0]


def test_a_server_that_stays_away_is_given_up() -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        context.abort(grpc.StatusCode.UNAVAILABLE, "the server goes away")
        yield Answer()

    with replaying(script) as (server, lens), pytest.raises(UnavailableError):
        ask(lens, 1)
    assert server.calls == 4


def test_answers_come_as_they_are_done_or_in_order() -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        tags = [next(requests).prompt.tag for _ in range(3)]
        yield from (recorded(tag) for tag in reversed(tags))

    with replaying(script) as (_, lens):
        assert [item.index for item in ask(lens, 3, ordered=False)] == [2, 1, 0]
        assert [item.index for item in ask(lens, 3)] == [0, 1, 2]


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
        for item in lens.batch(prompts(), layers=[0, 9], statistics=["entropy"], trajectories=False, top_k=3):
            assert item.index == given
            given += 1
    assert given == 32
    assert 16 <= most <= 17


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([], "ended without an answer to 1 prompts"),
        ([recorded(7)], "tag 7, which is not in flight"),
        ([recorded(0), recorded(0)], "tag 0, which is not in flight"),
    ],
)
def test_a_batch_that_contradicts_itself_is_broken(answers: list[Answer], words: str) -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        next(requests)
        yield from answers

    with replaying(script) as (_, lens), pytest.raises(BrokenStreamError, match=words):
        ask(lens, 1)


@pytest.mark.parametrize("leaves", [False, True])
def test_prompts_that_come_slowly_hold_up_no_answer_and_no_end(leaves: bool) -> None:
    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        yield from (recorded(request.prompt.tag) for request in requests)

    answered = Event()

    def prompts() -> Iterator[str]:
        yield PROMPT
        # The second prompt is made from the answer to the first, or never.
        assert answered.wait(20), "no answer came while the next prompt was waited for"
        yield PROMPT

    with replaying(script) as (_, lens):
        items = lens.batch(prompts(), layers=[0, 9], statistics=["entropy"], trajectories=False, top_k=3)
        assert next(items).index == 0
        if leaves:
            items.close()  # type: ignore[attr-defined]
            answered.set()
        else:
            answered.set()
            assert [item.index for item in items] == [1]


def test_a_prompt_that_was_taken_when_the_server_went_away_is_not_lost() -> None:
    again = Event()

    def script(call: int, requests: Iterator[Asked], context: grpc.ServicerContext) -> Iterator[Answer]:
        if call == 1:
            yield recorded(next(requests).prompt.tag)
            context.abort(grpc.StatusCode.UNAVAILABLE, "the server goes away")
        again.set()
        yield from (recorded(request.prompt.tag) for request in requests)

    def prompts() -> Iterator[str]:
        yield PROMPT
        assert again.wait(20), "the batch did not begin again while the next prompt was waited for"
        yield PROMPT

    with replaying(script) as (server, lens):
        asked = lens.batch(prompts(), layers=[0, 9], statistics=["entropy"], trajectories=False, top_k=3)
        assert [item.index for item in asked] == [0, 1]
    assert server.calls == 2
