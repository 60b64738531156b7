"""Streams: in loops, in event loops, and left early."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import PROMPT

from stratalens import LensClient
from stratalens.v1 import lens_pb2

LONG = "The capital of France is Paris. " * 40


def test_layers_come_in_order_and_are_those_of_the_result(lens: LensClient) -> None:
    phases: list[int] = []
    stream = lens.stream(PROMPT, targets=[" Paris"], on_progress=lambda each: phases.append(each.phase))
    with pytest.raises(RuntimeError, match="not read to its end"):
        _ = stream.result
    layers = list(stream)
    assert [layer.layer for layer in layers] == list(range(10))
    for layer in layers:
        np.testing.assert_array_equal(layer.entropy[:], stream.result.entropy[layer.layer])
        assert layer.top_k[-1] == stream.result.top_k[layer.layer, -1]
        assert layer.ranks[" Paris"][-1] == stream.result.ranks[" Paris"][layer.layer, -1]
    assert "' Paris' 99.9%" in repr(layers[-1])
    assert set(phases) <= set(lens_pb2.Phase.values())
    with pytest.raises(RuntimeError, match="read once"):
        list(stream)


def test_an_event_loop_reads_several_at_once(lens: LensClient) -> None:
    async def layers_of(prompt: str) -> list[int]:
        return [layer.layer async for layer in lens.stream(prompt)]

    async def all_of_it() -> None:
        streams = await asyncio.gather(*(layers_of(prompt) for prompt in ("one", "two", "three")))
        assert streams == [list(range(10))] * 3
        result = await lens.analyze_async(PROMPT)
        assert result.top_k[9, -1][0].token.text == " Paris"

    asyncio.run(all_of_it())


def test_to_leave_the_loop_stops_the_work(lens: LensClient) -> None:
    for _ in lens.stream(LONG, top_k=100, statistics=["all", "kl-from-next"]):
        break
    await_idle(lens)


def test_to_leave_an_asynchronous_loop_stops_the_work(lens: LensClient) -> None:
    async def leave() -> None:
        async for _ in lens.stream(LONG, top_k=100, statistics=["all", "kl-from-next"]):
            break

    asyncio.run(leave())
    await_idle(lens)


def test_ctrl_c_stops_the_work(lens: LensClient) -> None:
    # A shell without a terminal has its children ignore the signal.
    program = f"""
import signal, stratalens
signal.signal(signal.SIGINT, signal.default_int_handler)
lens = stratalens.connect({lens._connection.target!r})
print("begun", flush=True)
for at in range(1000):
    lens.analyze({LONG!r}, top_k=100, statistics=["all", "kl-from-next"])
"""
    # What Python would do between fork and exec meets gRPC's threads, so the program does it.
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        while not lens.models()[0].request_count:
            assert process.poll() is None
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    await_idle(lens)


def await_idle(lens: LensClient) -> None:
    end = time.monotonic() + 30
    while lens.models()[0].request_count:
        assert time.monotonic() < end, "the server still works"
        time.sleep(0.01)
