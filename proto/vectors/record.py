"""Records the vectors from a server on the demo model, which has the fitted lens `tuned`: record.py HOST:PORT

record.py --broken only makes the broken ones of the good ones again.
"""

from __future__ import annotations

import json
import shutil
import sys

import grpc
from damages import DAMAGES, GOOD_VARIANTS, Change
from vectors import HERE, read_events, write_events

from stratalens import FINAL_TOP, NEXT_TOKEN
from stratalens._assembly.assembler import Assembler
from stratalens.request import Asked, Request
from stratalens.v1 import lens_service_pb2

PROMPT = "The capital of France is"
EVERY_STATISTIC = ("all", "kl-from-next", "cross-entropy")

RECORDED: dict[str, tuple[str, str | list[int], Asked]] = {
    "compact": (
        "numbers in compact form, all kinds of targets, all columns, trajectories",
        PROMPT,
        {"layers": [0, 5, 9], "targets": [NEXT_TOKEN, FINAL_TOP, " Paris", 5], "statistics": EVERY_STATISTIC},
    ),
    "exact": (
        "the same with numbers as float32",
        PROMPT,
        {"layers": [0, 9], "targets": [NEXT_TOKEN, FINAL_TOP, " Paris"], "statistics": EVERY_STATISTIC, "exact": True},
    ),
    "two-lenses": (
        "two lenses, the embedding, some of the positions, no columns",
        PROMPT,
        {
            "lenses": ["logit", "raw"],
            "sites": ["embedding", "block-output"],
            "layers": [4, 9],
            "positions": slice(0, None, 2),
            "statistics": (),
            "top_k": 2,
        },
    ),
    "fitted-lens": (
        "a fitted lens that does not have all read points, beside the logit lens",
        PROMPT,
        {
            "lenses": ["logit", "tuned"],
            "sites": ["attention-output", "block-output"],
            "layers": [3, 9],
            "top_k": 2,
            "positions": -1,
        },
    ),
    "sites": (
        "read points inside blocks",
        PROMPT,
        {"sites": ["attention-residual", "feed-forward-output"], "layers": [2], "targets": [" Paris"], "positions": [1, -1]},
    ),
    "attribution": (
        "direct attribution of two targets",
        PROMPT,
        {"targets": [" Paris", " Rome"], "attribution": True, "layers": [9], "positions": [-2, -1], "trajectories": False},
    ),
    "ids": (
        "a prompt of vocabulary ids",
        [0, 350, 7, 9],
        {"layers": [9], "targets": [NEXT_TOKEN], "top_k": 3, "request_id": "a request"},
    ),
    "parts-of-characters": (
        "tokens that are parts of characters, and white space",
        "né 国\t🙂\n",
        {"layers": [0, 9], "top_k": 3},
    ),
    "least-peak": (
        "trajectories below a least peak probability are left out, and counted",
        PROMPT,
        {"layers": [0, 5, 9], "trajectories": 0.2, "targets": [" Rome"]},
    ),
    "plain": (
        "neither targets nor trajectories, so cells may come before the model's own predictions",
        PROMPT,
        {"layers": [0, 9], "statistics": ["entropy"], "trajectories": False, "top_k": 3},
    ),
}


def record(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        call = channel.unary_stream(
            "/stratalens.v1.LensService/Analyze",
            lens_service_pb2.AnalyzeRequest.SerializeToString,
            lens_service_pb2.AnalyzeResponse.FromString,
        )
        for name, (because, prompt, asked) in RECORDED.items():
            request = Request.of(prompt, asked)
            events = [event for response in call(request.message) for event in response.events]
            # How often progress is told depends on the machine.
            events = [event for at, event in enumerate(events) if event.WhichOneof("kind") != "progress" or at == 0]
            write(name, request, events, "complete", because)


def derive() -> None:
    for name, (origin, because, change) in GOOD_VARIANTS.items():
        write(name, *changed(origin, change), "complete", because)
    for folder in HERE.glob("broken-*"):
        shutil.rmtree(folder)
    for name, (origin, because, change) in DAMAGES.items():
        write(f"broken-{name}", *changed(origin, change), "broken", because)


def changed(origin: str, change: Change) -> tuple[Request, list[lens_service_pb2.Event]]:
    request, events = read_events(HERE / origin)
    change(events)
    return Request(request), events


def write(name: str, request: Request, events: list[lens_service_pb2.Event], outcome: str, because: str) -> None:
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    write_events(folder, request.message, events)
    said = {"outcome": outcome, "because": because}
    (folder / "outcome.json").write_text(json.dumps(said, ensure_ascii=False) + "\n", encoding="utf-8")
    if outcome == "complete":
        assembler = Assembler(request)
        for event in events:
            assembler.add(event)
        (folder / "result.json").write_text(assembler.finish().to_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--broken"]:
        record(*sys.argv[1:])
    derive()
