"""Results of one request whose positions follow one another, as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from stratalens.result_info import Numbers, ResultInfo


@dataclass(frozen=True, eq=False)
class Part:
    """A result over some positions."""

    info: ResultInfo
    lenses: tuple[Numbers, ...]

    def ids(self) -> set[int]:
        """Ids that occur in its numbers."""
        info = self.info
        found = {top.token.id for top in info.final_tops}
        found.update(token_id for target in info.targets for token_id in target.ids if token_id is not None)
        for lens in self.lenses:
            found.update(lens.ids.ravel().tolist())
            for tracked in lens.tracked:
                found.update(tracked.ids.tolist())
        return found


def joined_info(parts: list[Part]) -> ResultInfo:
    """What is known of all; tokens and text are those of the first."""
    first = parts[0].info
    return replace(
        first,
        positions=tuple(position for part in parts for position in part.info.positions),
        final_tops=tuple(top for part in parts for top in part.info.final_tops),
        targets=tuple(
            replace(target, ids=tuple(each for part in parts for each in part.info.targets[j].ids))
            for j, target in enumerate(first.targets)
        ),
    )


def joined_numbers(parts: list[Part]) -> tuple[Numbers, ...]:
    """The numbers of all, lens by lens."""
    return tuple(_join(lenses) for lenses in zip(*(part.lenses for part in parts), strict=True))


def _join(some: Iterable[Numbers]) -> Numbers:
    several = list(some)
    return Numbers(
        read_points=several[0].read_points,
        ids=np.concatenate([each.ids for each in several], axis=1),
        log_probs=np.concatenate([each.log_probs for each in several], axis=1),
        ranks=np.concatenate([each.ranks for each in several], axis=1),
        target_log_probs=np.concatenate([each.target_log_probs for each in several], axis=1),
        columns={name: np.concatenate([each.columns[name] for each in several], axis=1) for name in several[0].columns},
        tracked=tuple(tracked for each in several for tracked in each.tracked),
    )
