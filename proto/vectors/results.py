"""What a client gives for complete answers, as JSON."""

from __future__ import annotations

import json
from typing import Any

from stratalens import LensResult
from stratalens._assembly.assembler import Assembler
from stratalens._assembly.generation import GenerationAssembler
from stratalens._assembly.sweep import SweepAssembler
from stratalens.native_json import number, to_native
from stratalens.request import Request
from stratalens.v1 import lens_service_pb2


def analyzed(request: lens_service_pb2.AnalyzeRequest, events: list[lens_service_pb2.Event]) -> str:
    return _assembled(request, events).to_json()


def changed_result(request: lens_service_pb2.AnalyzeRequest, events: list[lens_service_pb2.Event]) -> str:
    result = _assembled(request, events)
    effect = result.effect
    file: dict[str, Any] = {
        "result": to_native(result),
        "reached": [
            {"block": point.block, "site": point.site, "positions": list(positions)} for point, positions in effect.reached.items()
        ],
        "metrics": [{"unchanged": each.unchanged, "changed": each.changed} for each in effect.metrics],
    }
    if effect.largest_unreached_difference is not None:
        file["largest_unreached_difference"] = number(effect.largest_unreached_difference)
    if result.summary.unchanged is not None:
        file["unchanged"] = to_native(result.unchanged)
    return _written(file)


def generated(request: lens_service_pb2.GenerateRequest, events: list[lens_service_pb2.Event]) -> str:
    assembler = GenerationAssembler(request)
    for event in events:
        assembler.add(event)
    result = assembler.finish()
    file: dict[str, Any] = {
        "text": result.text,
        "stop_reason": result.stop_reason,
        "tokens": [
            {
                "position": each.position,
                "id": each.token.id,
                "log_prob": number(each.log_prob),
                "settled_from": each.settled_from,
                "forced": each.forced,
                "text": each.text,
            }
            for each in result.tokens
        ],
        "reading": to_native(result.reading),
    }
    if result.seed is not None:
        file["seed"] = str(result.seed)
    return _written(file)


def swept(request: lens_service_pb2.SweepRequest, events: list[lens_service_pb2.SweepEvent]) -> str:
    assembler = SweepAssembler(request)
    for event in events:
        assembler.add(event)
    result = assembler.finish()
    file: dict[str, Any] = {
        "tokens": [token.text for token in result.tokens],
        "layers": list(result.layers),
        "positions": list(result.positions),
        "heads": list(result.heads),
        "metric_position": result.metric_position,
        "unchanged": result.unchanged,
        "values": [number(value) for value in result.values.values.ravel().tolist()],
    }
    if result.source is not None:
        file["source"] = result.source
    return _written(file)


def _assembled(request: lens_service_pb2.AnalyzeRequest, events: list[lens_service_pb2.Event]) -> LensResult:
    assembler = Assembler(Request(request))
    for event in events:
        assembler.add(event)
    return assembler.finish()


def _written(file: dict[str, Any]) -> str:
    return json.dumps(file, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
