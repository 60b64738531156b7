"""Reads and writes the messages of a vector."""

from __future__ import annotations

import io
from pathlib import Path

from google.protobuf import proto

from stratalens.v1 import lens_service_pb2

HERE = Path(__file__).parent


def read_events(folder: Path) -> tuple[lens_service_pb2.AnalyzeRequest, list[lens_service_pb2.Event]]:
    request = lens_service_pb2.AnalyzeRequest.FromString((folder / "request.binpb").read_bytes())
    file = io.BytesIO((folder / "events.binpb").read_bytes())
    events = []
    while event := proto.parse_length_prefixed(lens_service_pb2.Event, file):
        events.append(event)
    return request, events


def write_events(folder: Path, request: lens_service_pb2.AnalyzeRequest, events: list[lens_service_pb2.Event]) -> None:
    out = io.BytesIO()
    for event in events:
        proto.serialize_length_prefixed(event, out)
    (folder / "request.binpb").write_bytes(request.SerializeToString(deterministic=True))
    (folder / "events.binpb").write_bytes(out.getvalue())
