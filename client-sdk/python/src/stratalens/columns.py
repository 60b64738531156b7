"""Columns: named arrays of numbers over cells, as the contract describes them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from stratalens.arguments import several, text
from stratalens.v1 import column_pb2


@dataclass(frozen=True)
class Column:
    """Description of a column, from the options of the contract's enum."""

    number: int
    """Value of the enum ``Statistic``."""
    name: str
    label: str
    unit: str
    minimum: float | None
    maximum: float | None
    at_most_log_vocabulary: bool
    direction: str
    """``more_is_surer``, ``less_is_surer`` or ``neutral``."""
    meaning: str
    remark: str | None
    """Its cost or limit. ``"all"`` leaves out columns with a remark."""
    compact_step: float | None
    needs_output: bool
    absent_at_last_read_point: bool
    absent_at_last_token: bool

    def largest(self, vocabulary_size: int) -> float | None:
        """Its largest value for a vocabulary of this size; None if it has none."""
        if self.at_most_log_vocabulary and vocabulary_size > 0:
            return math.log(vocabulary_size)
        return self.maximum


def _described() -> dict[str, Column]:
    columns = {}
    for value in column_pb2.Statistic.DESCRIPTOR.values:
        options: column_pb2.ColumnDescription = value.GetOptions().Extensions[column_pb2.column]  # type: ignore[index]
        if not options.name:
            continue
        columns[options.name] = Column(
            number=value.number,
            name=options.name,
            label=options.label,
            unit=options.unit,
            minimum=options.minimum if options.HasField("minimum") else None,
            maximum=options.maximum if options.HasField("maximum") else None,
            at_most_log_vocabulary=options.at_most_log_vocabulary,
            direction=column_pb2.Direction.Name(options.direction).removeprefix("DIRECTION_").lower(),
            meaning=options.meaning,
            remark=options.remark if options.HasField("remark") else None,
            compact_step=options.compact_step if options.HasField("compact_step") else None,
            needs_output=options.needs_output,
            absent_at_last_read_point=options.absent_at_last_read_point,
            absent_at_last_token=options.absent_at_last_token,
        )
    return columns


COLUMNS: dict[str, Column] = _described()
"""All columns by name."""

BY_NUMBER: dict[int, Column] = {column.number: column for column in COLUMNS.values()}


def columns_of(names: str | Iterable[str]) -> tuple[Column, ...]:
    """The columns of these names, each once. ``"all"`` stands for those without a remark; ``_`` may stand for ``-``."""
    found: dict[str, Column] = {}
    for name in several("statistics", names, str, "a name"):
        text("statistics", name)
        if name == "all":
            found.update((each.name, each) for each in COLUMNS.values() if each.remark is None)
            continue
        column = COLUMNS.get(name.replace("_", "-"))
        if column is None:
            raise ValueError(f"there is no statistic {name!r}; choose from {', '.join(COLUMNS)}, or 'all'")
        found[column.name] = column
    return tuple(found.values())
