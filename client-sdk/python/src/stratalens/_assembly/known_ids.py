"""Ids that each position has had so far, to which references refer. All lenses share them."""

from __future__ import annotations

from collections.abc import Sequence

from stratalens._assembly.broken import require


class NewIds:
    """The new ids of one chunk, in order."""

    def __init__(self, chunk: str, ids: Sequence[int]) -> None:
        self.chunk = chunk
        self._ids = ids
        self._taken = 0

    def take(self) -> int:
        require(
            self._taken < len(self._ids),
            f"{self.chunk}: token_ids has {len(self._ids)} values and a reference to one more",
        )
        self._taken += 1
        return self._ids[self._taken - 1]

    def require_all_taken(self) -> None:
        require(
            self._taken == len(self._ids),
            f"{self.chunk}: token_ids has {len(self._ids)} values where {self._taken} are new",
        )


class KnownIds:
    def __init__(self, positions: int) -> None:
        self._seen: list[list[int]] = [[] for _ in range(positions)]

    def all(self, position: int) -> list[int]:
        return list(self._seen[position])

    def resolve(self, position: int, reference: int, new: NewIds) -> int:
        """The id that a reference means."""
        seen = self._seen[position]
        if reference == 0:
            token_id = new.take()
            require(token_id not in seen, f"{new.chunk}: token id {token_id} came as new, but is known at its position")
            seen.append(token_id)
            return token_id
        require(0 < reference <= len(seen), f"{new.chunk}: reference {reference} to one of {len(seen)} ids")
        return seen[reference - 1]
