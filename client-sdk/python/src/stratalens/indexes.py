"""Layers and positions to read, as a caller gives them."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import SupportsIndex, TypeAlias

from stratalens.arguments import is_whole, several, whole, wrong_type
from stratalens.v1 import lens_pb2

Index: TypeAlias = SupportsIndex | range | slice
"""An index, a ``range``, or a ``slice``, whose ends may be negative: they then count from the end."""

Indexes: TypeAlias = Index | Iterable[Index]

_ALLOWED = "an index, a range or a slice"


def layer_ranges(layers: Indexes | None) -> list[lens_pb2.IndexRange]:
    """Ranges of layers. A bare -1 is refused: results call the embedding so, and lists of Python their last element."""
    each_layer = _each(layers, "layer")
    for each in each_layer:
        if is_whole(each) and operator.index(each) < 0:
            raise ValueError(
                f"layer {each} could be the embedding or one from the end; "
                f"ask for sites=['embedding', 'block-output'], or for layers=slice({each}, None)"
            )
    return [_range(each, "layer") for each in each_layer]


def position_ranges(positions: Indexes | None) -> list[lens_pb2.IndexRange]:
    """Ranges of positions; negative ones count from the end of the prompt."""
    return [_range(each, "position") for each in _each(positions, "position")]


def head_ranges(heads: Indexes | None) -> list[lens_pb2.IndexRange]:
    """Ranges of attention heads."""
    return [_range(each, "head") for each in _each(heads, "head")]


def _each(indexes: Indexes | None, what: str) -> list[Index]:
    if indexes is None:
        return []
    found: list[Index] = several(f"{what}s", indexes, (range, slice), _ALLOWED)
    if not found:
        raise ValueError(f"{what}s=[] names no {what}; leave it out for all")
    return found


def _range(index: Index, what: str) -> lens_pb2.IndexRange:
    if isinstance(index, slice):
        return _of_slice(index, what)
    if isinstance(index, range):
        if not index or index.step < 1:
            raise ValueError(f"{index} has no {what} or descends; give an ascending range")
        return lens_pb2.IndexRange(first=index[0], last=index[-1], stride=index.step)
    if not is_whole(index):
        raise wrong_type(f"{what}s", _ALLOWED, index)
    number = whole(what, index)
    return lens_pb2.IndexRange(first=number, last=number)


def _of_slice(index: slice, what: str) -> lens_pb2.IndexRange:
    """The end is left out, as always in Python. The contract's ranges hold their last index; so does an open slice with a step."""
    first = 0 if index.start is None else int(index.start)
    step = 1 if index.step is None else int(index.step)
    if step < 1:
        raise ValueError(f"{index} descends; results ascend, so give a step of 1 or more")
    if index.stop is None:
        return lens_pb2.IndexRange(first=first, last=-1, stride=step)
    stop = int(index.stop)
    if ((first < 0) == (stop < 0) and stop <= first) or stop == 0:
        raise ValueError(f"{index} has no {what}")
    last = stop - 1
    if (first < 0) == (stop < 0):
        last = first + (last - first) // step * step
    elif step > 1:
        raise ValueError(f"{index} counts from both ends with a step; give both ends from one side, or a range")
    return lens_pb2.IndexRange(first=first, last=last, stride=step)
