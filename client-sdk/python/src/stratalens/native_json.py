"""The native file format, ``stratalens/2``: lossless JSON, which the command line reads and writes."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stratalens.columns import Column
from stratalens.lenses import file_name
from stratalens.places import EMBEDDING, ReadPoint
from stratalens.result_info import Numbers, TargetInfo
from stratalens.targets import NEXT_TOKEN, PositionTarget
from stratalens.tokens import PromptToken
from stratalens.v1 import model_pb2

if TYPE_CHECKING:
    from stratalens.result import LensResult


def to_json(result: LensResult) -> str:
    return json.dumps(to_native(result), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def to_native(result: LensResult) -> dict[str, Any]:
    """The file as dictionaries and lists."""
    info, lenses = result.info, range(len(result.lenses))
    file = head(result, list(lenses), list(info.read_points))
    file["readings"] = [
        _reading(result.numbers[lens], lens, row, info.read_points)
        for lens in lenses
        for row in range(len(result.numbers[lens].read_points))
    ]
    if info.has_trajectories:
        file["trajectories"] = [
            {"lens": lens, "position": position, "ids": tracked.ids.tolist(), "log_probs": numbers(tracked.log_probs)}
            for lens in lenses
            for position, tracked in zip(info.positions, result.numbers[lens].tracked, strict=True)
        ]
    if result.summary.attribution is not None:
        file["attribution"] = attribution(result)
    return file | tail(result)


def head(result: LensResult, lenses: list[int], read_points: list[ReadPoint]) -> dict[str, Any]:
    """From ``format`` to ``final_top``, for some of the lenses and read points."""
    info = result.info
    file: dict[str, Any] = {
        "format": "stratalens/2",
        "model": _model(info.model),
        "lenses": [file_name(info.lenses[lens]) for lens in lenses],
        "approximate": info.approximate,
        "number_form": "exact" if info.exact else "compact",
    }
    if info.prompt is not None:
        file["prompt"] = info.prompt
    file["tokens"] = [_token(token) for token in info.tokens]
    file["read_points"] = [_read_point(point) for point in read_points]
    if any(name not in ("logit", "raw") for name in info.lenses):
        file["coverage"] = [_coverage(result, lens, read_points) for lens in lenses]
    file["positions"] = list(info.positions)
    file["top_k"] = info.k
    if info.candidates is not None:
        file["candidates"] = info.candidates
    file["columns"] = [_column(column, info.model.vocabulary_size) for column in info.columns]
    file["targets"] = [_target(target) for target in info.targets]
    file["final_top"] = {
        "ids": [top.token.id for top in info.final_tops],
        "log_probs": [number(top.log_prob) for top in info.final_tops],
    }
    return file


def tail(result: LensResult) -> dict[str, Any]:
    """From ``vocab`` to ``run``."""
    summary = result.summary
    return {
        "vocab": {str(token_id): {"raw": token.raw, "text": token.text} for token_id, token in sorted(result.vocabulary.items())},
        "self_check": {
            "max_logit_difference": number(summary.self_check.max_logit_difference),
            "top1_agrees": summary.self_check.top1_agrees,
            "positions": list(summary.self_check.positions),
        },
        "timings": {
            "queued_ms": _plain(summary.queued_ms),
            "forward_ms": _plain(summary.forward_ms),
            "lens_ms": _plain(summary.lens_ms),
        },
        "run": {
            "request_id": result.info.request_id,
            "omitted_trajectories": summary.omitted_trajectories,
            "reserved_bytes": summary.reserved_bytes,
        },
    }


def number(value: Any) -> Any:
    """A float32 by its shortest decimal; None for NaN, text for infinities."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(np.format_float_scientific(np.float32(value), unique=True))


def numbers(values: NDArray[np.float32]) -> Any:
    """Nested lists of numbers."""
    return [numbers(each) for each in values] if values.ndim > 1 else [number(each) for each in values.tolist()]


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _name(site: str) -> str:
    return site.replace("-", "_")


def _model(model: model_pb2.ModelDescription) -> dict[str, Any]:
    return {
        "name": model.name,
        "architecture": model.architecture,
        "layers": model.block_count,
        "hidden_size": model.hidden_size,
        "vocab_size": model.vocabulary_size,
        "stored_dtype": _data_type(model.stored_type),
        "compute_dtype": _data_type(model.compute_type),
        "revision": model.revision,
    }


def _data_type(number: int) -> str:
    known = model_pb2.DataType.DESCRIPTOR.values_by_number.get(number)
    if known is None:
        return "unknown"
    return "" if number == 0 else known.name.removeprefix("DATA_TYPE_").lower()


def _token(token: PromptToken) -> dict[str, Any]:
    written: dict[str, Any] = {"id": token.id, "raw": token.token.raw, "text": token.text}
    return written if token.start is None else written | {"start": token.start, "end": token.end}


def _read_point(point: ReadPoint) -> dict[str, Any]:
    block = {} if point.site == EMBEDDING else {"block": point.block}
    return block | {"site": _name(point.site)}


def _coverage(result: LensResult, lens: int, read_points: list[ReadPoint]) -> dict[str, Any]:
    coverage = result.info.coverage[lens]
    return {
        "read_points": [read_points.index(point) for point in result.numbers[lens].read_points if point in read_points],
        "decodes_last_block_as_model": coverage.decodes_last_block_as_model,
        "skipped_positions": coverage.skipped_positions,
        "warnings": list(coverage.warnings),
    }


def _column(column: Column, vocabulary_size: int) -> dict[str, Any]:
    ends = {"minimum": column.minimum, "maximum": column.largest(vocabulary_size)}
    written: dict[str, Any] = {"name": column.name, "label": column.label, "unit": column.unit}
    written |= {name: _plain(end) for name, end in ends.items() if end is not None}
    written |= {"direction": column.direction, "meaning": column.meaning}
    return written if column.remark is None else written | {"remark": column.remark}


def _target(info: TargetInfo) -> dict[str, Any]:
    target = info.target
    if isinstance(target, PositionTarget):
        written: dict[str, Any] = {"kind": "next_token" if target is NEXT_TOKEN else "final_top"}
    else:
        written = {"kind": "text", "text": target} if isinstance(target, str) else {"kind": "id"}
    return written | {"token_ids": [token.id for token in info.tokens], "ids": list(info.ids)}


def _reading(of_lens: Numbers, lens: int, row: int, read_points: tuple[ReadPoint, ...]) -> dict[str, Any]:
    ranks = of_lens.ranks[row].tolist()
    return {
        "lens": lens,
        "read_point": read_points.index(of_lens.read_points[row]),
        "ids": of_lens.ids[row].tolist(),
        "log_probs": numbers(of_lens.log_probs[row]),
        "columns": {name: numbers(values[row]) for name, values in of_lens.columns.items()},
        "ranks": [[rank or None for rank in position] for position in ranks],
        "target_log_probs": numbers(of_lens.target_log_probs[row]),
    }


def attribution(result: LensResult) -> dict[str, Any]:
    """The value of the key ``attribution``."""
    found = result.attribution
    return {
        "parts": [
            {"block": part.block, "site": _name(part.site), "shares": numbers(shares.ravel())}
            for part, shares in zip(found.parts, found.shares, strict=True)
        ],
        "heads": [
            {"block": block, "count": shares.shape[2], "shares": numbers(shares.ravel())}
            for block, shares in sorted(found.heads.items())
        ],
        "biases": numbers(found.biases.ravel()),
        "logits": numbers(found.logits.ravel()),
        "softcap": number(found.softcap),
        "largest_difference": number(found.largest_difference),
    }
