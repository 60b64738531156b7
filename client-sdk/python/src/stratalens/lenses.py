"""Lenses by name: ``logit``, ``raw``, or the name of a fitted lens of the model."""

from __future__ import annotations

from stratalens.v1 import lens_pb2


def lens_message(name: str) -> lens_pb2.Lens:
    if name == "logit":
        return lens_pb2.Lens(logit=lens_pb2.LogitLens())
    if name == "raw":
        return lens_pb2.Lens(raw=lens_pb2.RawLens())
    return lens_pb2.Lens(transport=lens_pb2.TransportLens(name=name.removeprefix("transport:")))


def lens_name(lens: lens_pb2.Lens) -> str:
    kind = lens.WhichOneof("kind")
    return lens.transport.name if kind == "transport" else str(kind)


def file_name(name: str) -> str:
    """As files call it."""
    return name if name in ("logit", "raw") else f"transport:{name}"
