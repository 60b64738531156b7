"""What interventions did, compared with the request and the read points of the stream."""

from __future__ import annotations

from stratalens._assembly.broken import require
from stratalens.effect import InterventionEffect, MetricPair
from stratalens.result_info import ResultInfo
from stratalens.v1 import intervention_pb2


def read_effect(
    asked: intervention_pb2.EffectOptions, info: ResultInfo, message: intervention_pb2.InterventionEffect
) -> InterventionEffect:
    points = info.read_points
    require(len(message.reached) == len(points), f"the effect speaks of {len(message.reached)} of {len(points)} read points")
    require(len(message.metrics) == len(asked.metrics), f"{len(message.metrics)} of {len(asked.metrics)} metrics came")
    return InterventionEffect(
        reached={point: _positions(reached, info) for point, reached in zip(points, message.reached, strict=True)},
        largest_unreached_difference=message.largest_unreached_difference
        if message.HasField("largest_unreached_difference")
        else None,
        metrics=tuple(
            MetricPair(metric, value.unchanged, value.changed) for metric, value in zip(asked.metrics, message.metrics, strict=True)
        ),
    )


def _positions(reached: intervention_pb2.ReachedPositions, info: ResultInfo) -> tuple[int, ...]:
    positions: list[int] = []
    for each in reached.positions:
        require(
            each.stride >= 1 and 0 <= each.first <= each.last < len(info.tokens),
            f"the effect speaks of the positions {each.first} .. {each.last}, every {each.stride}",
        )
        positions += [*range(each.first, each.last, each.stride), each.last]
    require(set(positions) <= set(info.positions), f"the effect speaks of positions that are not in the result: {positions}")
    return tuple(positions)
