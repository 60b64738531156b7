"""Records the vectors from a server on the demo model, which has the fitted lens `tuned`: record.py HOST:PORT [KIND...]

record.py --broken only makes the broken ones of the good ones again.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import analyses
import changed
import damages
import generations
import grpc
import sweeps
from results import analyzed, changed_result, generated, swept
from vectors import ANALYZE, CHANGED, GENERATE, SWEEP, Kind

from stratalens.request import Request
from stratalens.v1 import lens_service_pb2

Change = Callable[[list[Any]], None]


@dataclass(frozen=True)
class Vectors:
    """The vectors of one call."""

    kind: Kind[Any, Any]
    method: str
    answer: type[Any]
    result: Callable[[Any, list[Any]], str]
    """The text of result.json."""
    recorded: Mapping[str, tuple[str, Any]]
    """By name: what is shown, and the request."""
    variants: Mapping[str, tuple[str, str, Change]]
    damages: Mapping[str, tuple[str, str, Change]]

    def record(self, channel: grpc.Channel) -> None:
        call = channel.unary_stream(
            f"/stratalens.v1.LensService/{self.method}", self.kind.request.SerializeToString, self.answer.FromString
        )
        for name, (because, request) in self.recorded.items():
            events = [event for response in call(request) for event in response.events]
            # How often progress is told depends on the machine.
            events = [event for at, event in enumerate(events) if event.WhichOneof("kind") != "progress" or at == 0]
            self.write(name, request, events, "complete", because)

    def derive(self) -> None:
        for name, (origin, because, change) in self.variants.items():
            self.write(name, *self.altered(origin, change), "complete", because)
        for folder in self.kind.folder.glob("broken-*"):
            shutil.rmtree(folder)
        for name, (origin, because, change) in self.damages.items():
            self.write(f"broken-{name}", *self.altered(origin, change), "broken", because)

    def altered(self, origin: str, change: Change) -> tuple[Any, list[Any]]:
        request, events = self.kind.read(origin)
        change(events)
        return request, events

    def write(self, name: str, request: Any, events: list[Any], outcome: str, because: str) -> None:
        folder = self.kind.write(name, request, events)
        said = {"outcome": outcome, "because": because}
        (folder / "outcome.json").write_text(json.dumps(said, ensure_ascii=False) + "\n", encoding="utf-8")
        if outcome == "complete":
            (folder / "result.json").write_text(self.result(request, events) + "\n", encoding="utf-8")


ALL = {
    "analyze": Vectors(
        ANALYZE,
        "Analyze",
        lens_service_pb2.AnalyzeResponse,
        analyzed,
        {name: (because, Request.of(prompt, asked).message) for name, (because, prompt, asked) in analyses.RECORDED.items()},
        damages.GOOD_VARIANTS,
        damages.DAMAGES,
    ),
    "changed": Vectors(
        CHANGED,
        "Analyze",
        lens_service_pb2.AnalyzeResponse,
        changed_result,
        changed.RECORDED,
        changed.GOOD_VARIANTS,
        changed.DAMAGES,
    ),
    "generate": Vectors(
        GENERATE,
        "Generate",
        lens_service_pb2.GenerateResponse,
        generated,
        generations.RECORDED,
        generations.GOOD_VARIANTS,
        generations.DAMAGES,
    ),
    "sweep": Vectors(SWEEP, "Sweep", lens_service_pb2.SweepResponse, swept, sweeps.RECORDED, sweeps.GOOD_VARIANTS, sweeps.DAMAGES),
}


def main(first: str, kinds: Iterable[str]) -> None:
    several = [ALL[kind] for kind in kinds or ALL]
    if first != "--broken":
        with grpc.insecure_channel(first) as channel:
            for vectors in several:
                vectors.record(channel)
    for vectors in several:
        vectors.derive()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
