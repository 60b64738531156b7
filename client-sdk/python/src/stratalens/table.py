"""Results as tables with one row for each cell, prediction, or point of a trajectory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stratalens.arguments import needed
from stratalens.targets import target_name

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from stratalens.result import LensResult

_Columns = dict[str, Any]


def to_pandas(result: LensResult, rows: str) -> pandas.DataFrame:
    table: pandas.DataFrame = needed("pandas", "to_pandas()").DataFrame(columns_of(result, rows))
    return table


def to_arrow(result: LensResult, rows: str) -> pyarrow.Table:
    table: pyarrow.Table = needed("pyarrow", "to_arrow()").table(columns_of(result, rows))
    return table


def columns_of(result: LensResult, rows: str) -> _Columns:
    """Columns by name: arrays or lists of one length."""
    if rows == "attribution":
        return _attribution(result)
    make = _ROWS.get(rows)
    if make is None:
        raise ValueError(f"there is no table of {rows!r}; choose from {', '.join(_ROWS)}, attribution")
    tables = [make(result, lens) for lens in range(len(result.lenses))]
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _cells(result: LensResult, lens: int) -> _Columns:
    numbers = result.numbers[lens]
    table = _places(result, lens, 1)
    table |= _tokens(result, "top", numbers.ids[..., 0])
    table["top_log_prob"] = numbers.log_probs[..., 0].ravel()
    table |= {name.replace("-", "_"): values.ravel() for name, values in numbers.columns.items()}
    for j, info in enumerate(result.info.targets):
        name = target_name(info.target)
        table[f"rank {name}"] = numbers.ranks[..., j].ravel()
        table[f"log_prob {name}"] = numbers.target_log_probs[..., j].ravel()
    return table


def _predictions(result: LensResult, lens: int) -> _Columns:
    numbers = result.numbers[lens]
    table = _places(result, lens, result.info.k)
    table["place"] = np.tile(np.arange(1, result.info.k + 1), numbers.ids.shape[0] * numbers.ids.shape[1])
    table |= _tokens(result, "predicted", numbers.ids)
    table["log_prob"] = numbers.log_probs.ravel()
    return table


def _trajectories(result: LensResult, lens: int) -> _Columns:
    numbers = result.numbers[lens]
    if not numbers.tracked:
        raise KeyError("no trajectories were asked for; leave out trajectories=False")
    counts = [len(tracked.ids) for tracked in numbers.tracked]
    points = len(numbers.read_points)
    position_index = np.repeat(np.arange(len(counts)), counts).repeat(points)
    table = _named(result, lens, np.tile(np.arange(points), sum(counts)), position_index)
    table |= _tokens(result, "tracked", np.concatenate([tracked.ids for tracked in numbers.tracked]).repeat(points))
    table["log_prob"] = np.concatenate([tracked.log_probs.ravel() for tracked in numbers.tracked])
    return table


def _attribution(result: LensResult) -> _Columns:
    """A row for each part, position and target; it is the same for all lenses."""
    attribution = result.attribution
    parts, positions, targets = attribution.shares.shape
    part, at, target = (each.ravel() for each in np.indices((parts, positions, targets)))
    tokens = _texts([token.text for token in result.tokens])
    position = np.array(result.positions)[at]
    return {
        "site": _texts([each.site for each in attribution.parts])[part],
        "block": np.array([each.block for each in attribution.parts])[part],
        "position": position,
        "token": tokens[position],
        "target": _texts([target_name(each.target) for each in result.info.targets])[target],
        "share": attribution.shares.ravel(),
    }


_ROWS: dict[str, Callable[[LensResult, int], _Columns]] = {
    "cells": _cells,
    "predictions": _predictions,
    "trajectories": _trajectories,
}


def _places(result: LensResult, lens: int, repeats: int) -> _Columns:
    """Lens, site, layer, position and token of each cell, each so many times."""
    points, positions = len(result.numbers[lens].read_points), len(result.positions)
    rows = np.repeat(np.arange(points), positions * repeats)
    return _named(result, lens, rows, np.tile(np.repeat(np.arange(positions), repeats), points))


def _named(result: LensResult, lens: int, rows: NDArray[np.int64], position_index: NDArray[np.int64]) -> _Columns:
    points = result.numbers[lens].read_points
    positions = np.array(result.positions)[position_index]
    texts = _texts([token.text for token in result.tokens])
    return {
        "lens": np.full(len(rows), result.lenses[lens], object),
        "site": _texts([point.site for point in points])[rows],
        "layer": np.array([point.layer for point in points])[rows],
        "position": positions,
        "token": texts[positions],
    }


def _tokens(result: LensResult, name: str, ids: NDArray[np.int32]) -> _Columns:
    flat = ids.ravel()
    return {f"{name}_id": flat, name: _texts([result.token(token_id).text for token_id in flat.tolist()])}


def _texts(texts: list[str]) -> NDArray[np.object_]:
    return np.array(texts, object)
