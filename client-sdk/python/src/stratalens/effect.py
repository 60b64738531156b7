"""What interventions did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stratalens.metrics import metric_name
from stratalens.places import ReadPoint
from stratalens.v1 import intervention_pb2


@dataclass(frozen=True)
class MetricPair:
    """A metric of both passes."""

    metric: intervention_pb2.Metric
    """As it was asked for."""
    unchanged: float
    """Its value in the unchanged pass."""
    changed: float
    """Its value in the changed pass."""

    def __str__(self) -> str:
        return f"{metric_name(self.metric)}: {self.unchanged:.2f} unchanged, {self.changed:.2f} changed"

    def __repr__(self) -> str:
        return f"<{self}>"


@dataclass(frozen=True)
class InterventionEffect:
    """What interventions did."""

    reached: Mapping[ReadPoint, tuple[int, ...]]
    """By read point: the positions of the result whose rows can differ from those of the unchanged pass, ascending."""
    largest_unreached_difference: float | None
    """Largest absolute difference between the passes among the rows of the result that cannot differ; None if there are none."""
    metrics: tuple[MetricPair, ...]
    """In the order in which they were asked for."""

    def __repr__(self) -> str:
        cells = sum(map(len, self.reached.values()))
        return f"<{'; '.join([f'reaches {cells} cells', *map(str, self.metrics)])}>"

    def reaches(self, point: ReadPoint, position: int) -> bool:
        """Whether a cell can differ from that of the unchanged pass."""
        return position in self.reached.get(point, ())
