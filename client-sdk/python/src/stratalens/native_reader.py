"""Reads results from native files, ``stratalens/2``."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stratalens.attribution import Attribution
from stratalens.columns import COLUMNS, Column
from stratalens.places import EMBEDDING, ReadPoint
from stratalens.result import LensResult
from stratalens.result_info import Coverage, Numbers, ResultInfo, SelfCheck, Summary, TargetInfo, Tracked
from stratalens.targets import FINAL_TOP, NEXT_TOKEN, Target
from stratalens.tokens import Prediction, PromptToken, Token
from stratalens.v1 import model_pb2

_FORMAT = "stratalens/2"


def load(file: str | Path) -> LensResult:
    """Reads a result that ``LensResult.save`` or ``stratalens analyze --format json`` wrote. It equals the written one."""
    try:
        contents = json.loads(Path(file).read_text(encoding="utf-8"))
    except ValueError:
        contents = None  # not JSON, or not even text
    if not isinstance(contents, dict) or contents.get("format") != _FORMAT:
        raise ValueError(f"{file} is no result of the format {_FORMAT}; save one with result.save('result.json')")
    try:
        return _Contents(contents).result()
    except (KeyError, IndexError, TypeError) as missing:
        raise ValueError(f"{file} is damaged or incomplete: {missing!r}") from missing


class _Contents:
    def __init__(self, file: dict[str, Any]) -> None:
        self._file = file
        self._vocabulary = {int(key): Token(int(key), each["raw"], each["text"]) for key, each in file["vocab"].items()}
        self._lenses: list[str] = file.get("lenses", ["logit"])
        self._read_points = _read_points(file)
        self._columns = tuple(_column(each) for each in file["columns"])

    def result(self) -> LensResult:
        numbers = tuple(self._numbers(lens) for lens in range(len(self._lenses)))
        return LensResult(self._info(), numbers, self._vocabulary, self._summary())

    def _info(self) -> ResultInfo:
        file = self._file
        final = file["final_top"]
        return ResultInfo(
            model=_model(file["model"]),
            request_id=file["run"]["request_id"],
            lenses=tuple(name.removeprefix("transport:") for name in self._lenses),
            coverage=self._coverage(),
            approximate=file["approximate"],
            exact=file["number_form"] == "exact",
            prompt=file.get("prompt"),
            tokens=tuple(
                PromptToken(Token(each["id"], each["raw"], each["text"]), each.get("start"), each.get("end"))
                for each in file["tokens"]
            ),
            read_points=self._read_points,
            positions=tuple(file["positions"]),
            k=file["top_k"],
            candidates=file.get("candidates"),
            targets=tuple(self._target(each) for each in file["targets"]),
            columns=self._columns,
            has_trajectories="trajectories" in file,
            final_tops=tuple(
                Prediction(self._vocabulary[token_id], _number(log_prob))
                for token_id, log_prob in zip(final["ids"], final["log_probs"], strict=True)
            ),
        )

    def _coverage(self) -> tuple[Coverage, ...]:
        if "coverage" not in self._file:
            return tuple(Coverage(name == "logit", 0, ()) for name in self._lenses)
        return tuple(
            Coverage(each["decodes_last_block_as_model"], each["skipped_positions"], tuple(each["warnings"]))
            for each in self._file["coverage"]
        )

    def _target(self, written: dict[str, Any]) -> TargetInfo:
        kinds: dict[str, Target] = {"next_token": NEXT_TOKEN, "final_top": FINAL_TOP}
        tokens = tuple(self._vocabulary[each] for each in written["token_ids"])
        target = kinds.get(written["kind"]) or (written["text"] if written["kind"] == "text" else tokens[0].id)
        return TargetInfo(target, tokens, tuple(written["ids"]))

    def _numbers(self, lens: int) -> Numbers:
        file = self._file
        readings = [each for each in file["readings"] if each["lens"] == lens]
        p, k, m = len(file["positions"]), file["top_k"], len(file["targets"])
        r = len(readings)
        ranks = [[[rank or 0 for rank in position] for position in each["ranks"]] for each in readings]
        return Numbers(
            read_points=tuple(self._read_points[each["read_point"]] for each in readings),
            ids=np.array([each["ids"] for each in readings], np.int32).reshape(r, p, k),
            log_probs=_floats([each["log_probs"] for each in readings], r, p, k),
            ranks=np.array(ranks, np.int32).reshape(r, p, m),
            target_log_probs=_floats([each["target_log_probs"] for each in readings], r, p, m),
            columns={column.name: _floats([each["columns"][column.name] for each in readings], r, p) for column in self._columns},
            tracked=tuple(
                Tracked(np.array(each["ids"], np.int32), _floats(each["log_probs"], len(each["ids"]), r))
                for each in file.get("trajectories", ())
                if each["lens"] == lens
            ),
        )

    def _summary(self) -> Summary:
        file = self._file
        check, times, run = file["self_check"], file.get("timings", {}), file["run"]
        return Summary(
            self_check=SelfCheck(_number(check["max_logit_difference"]), check["top1_agrees"], tuple(check["positions"])),
            queued_ms=times.get("queued_ms", math.nan),
            forward_ms=times.get("forward_ms", math.nan),
            lens_ms=times.get("lens_ms", math.nan),
            omitted_trajectories=run["omitted_trajectories"],
            reserved_bytes=run["reserved_bytes"],
            attribution=self._attribution(),
        )

    def _attribution(self) -> Attribution | None:
        written = self._file.get("attribution")
        if written is None:
            return None
        p, m = len(self._file["positions"]), len(self._file["targets"])
        return Attribution(
            parts=tuple(_read_point(each) for each in written["parts"]),
            shares=_floats([each["shares"] for each in written["parts"]], len(written["parts"]), p, m),
            heads={each["block"]: _floats(each["shares"], p, m, each["count"]) for each in written["heads"]},
            biases=_floats(written["biases"], p, m),
            logits=_floats(written["logits"], p, m),
            softcap=_number(written["softcap"]),
            largest_difference=_number(written["largest_difference"]),
        )


def _number(written: Any) -> float:
    """None is NaN; infinities are text."""
    return math.nan if written is None else float(written)


def _floats(written: Any, *shape: int) -> NDArray[np.float32]:
    """An array of nested lists."""
    flat = np.array(written, object).ravel()
    return np.array([_number(each) for each in flat], np.float32).reshape(shape)


def _read_points(file: dict[str, Any]) -> tuple[ReadPoint, ...]:
    if "read_points" in file:
        return tuple(_read_point(each) for each in file["read_points"])
    return tuple(ReadPoint(0, EMBEDDING) if layer < 0 else ReadPoint(layer, "block-output") for layer in file["layers"])


def _read_point(written: dict[str, Any]) -> ReadPoint:
    site = written["site"].replace("_", "-")
    return ReadPoint(0 if site == EMBEDDING else written["block"], site)


def _column(written: dict[str, Any]) -> Column:
    """A known column; or one that only its description in the file says."""
    return COLUMNS.get(written["name"]) or Column(
        number=0,
        name=written["name"],
        label=written["label"],
        unit=written["unit"],
        minimum=written.get("minimum"),
        maximum=written.get("maximum"),
        at_most_log_vocabulary=False,
        direction=written["direction"],
        meaning=written["meaning"],
        remark=written.get("remark"),
        compact_step=None,
        needs_output=False,
        absent_at_last_read_point=False,
        absent_at_last_token=False,
    )


def _model(written: dict[str, Any]) -> model_pb2.ModelDescription:
    return model_pb2.ModelDescription(
        name=written["name"],
        architecture=written["architecture"],
        block_count=written["layers"],
        hidden_size=written["hidden_size"],
        vocabulary_size=written["vocab_size"],
        stored_type=_data_type(written["stored_dtype"]),
        compute_type=_data_type(written["compute_dtype"]),
        revision=written["revision"],
    )


def _data_type(name: str) -> model_pb2.DataType:
    number: model_pb2.DataType = model_pb2.DataType.Value(f"DATA_TYPE_{name.upper() or 'UNSPECIFIED'}")  # type: ignore[assignment]
    return number
