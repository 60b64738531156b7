"""Reads and writes the messages of a vector."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from google.protobuf import proto
from google.protobuf.message import Message

from stratalens.v1 import lens_service_pb2

HERE = Path(__file__).parent

Asked = TypeVar("Asked", bound=Message)
Told = TypeVar("Told", bound=Message)


@dataclass(frozen=True)
class Kind(Generic[Asked, Told]):
    """Answers of one call: where they are, and their messages."""

    folder: Path
    request: type[Asked]
    event: type[Told]

    def read(self, name: str) -> tuple[Asked, list[Told]]:
        folder = self.folder / name
        request = self.request.FromString((folder / "request.binpb").read_bytes())
        file = io.BytesIO((folder / "events.binpb").read_bytes())
        events = []
        while event := proto.parse_length_prefixed(self.event, file):
            events.append(event)
        return request, events

    def write(self, name: str, request: Asked, events: list[Told]) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        out = io.BytesIO()
        for event in events:
            proto.serialize_length_prefixed(event, out)
        (folder / "request.binpb").write_bytes(request.SerializeToString(deterministic=True))
        (folder / "events.binpb").write_bytes(out.getvalue())
        return folder


ANALYZE = Kind(HERE, lens_service_pb2.AnalyzeRequest, lens_service_pb2.Event)
CHANGED = Kind(HERE / "changed", lens_service_pb2.AnalyzeRequest, lens_service_pb2.Event)
GENERATE = Kind(HERE / "generate", lens_service_pb2.GenerateRequest, lens_service_pb2.Event)
SWEEP = Kind(HERE / "sweep", lens_service_pb2.SweepRequest, lens_service_pb2.SweepEvent)
