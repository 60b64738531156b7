"""The model's own best tokens, and the ids of the targets at each position."""

from __future__ import annotations

from stratalens._assembly.broken import require
from stratalens._assembly.header import Head
from stratalens.targets import NEXT_TOKEN, PositionTarget, Target
from stratalens.tokens import Prediction, Token
from stratalens.v1 import lens_pb2


class TargetReader:
    def __init__(self, head: Head) -> None:
        self._head = head
        self._asked = head.request.targets
        self.encodings = [head.vocabulary.all(each.token_ids) for each in head.header.targets]
        for target, encoding in zip(self._asked, self.encodings, strict=True):
            _require_encoding(target, encoding)
        self.final_tops: list[Prediction] = []
        self.ids: list[list[int | None]] = []
        """Of each position, those of the targets; None where there is no such target."""

    @property
    def complete(self) -> bool:
        return len(self.final_tops) == self._head.position_count

    @property
    def expected(self) -> str:
        """What must come next, in words."""
        return f"targets from position index {len(self.final_tops)}"

    def add(self, chunk: lens_pb2.TargetChunk) -> None:
        first, count, m = chunk.first_position, chunk.position_count, len(self._asked)
        came, left = len(self.final_tops), self._head.position_count - len(self.final_tops)
        require(not self.complete, "a target chunk came after the last position")
        require(
            first == came and 1 <= count <= left,
            f"expected targets from position index {came}, {left} at most, but {count} from index {first} came",
        )
        require(
            len(chunk.final_top_ids) == count and len(chunk.final_top_log_probs) == count and len(chunk.target_ids) == count * m,
            f"{m} targets at {count} positions came with {len(chunk.final_top_ids)} final ids, "
            f"{len(chunk.final_top_log_probs)} log-probabilities and {len(chunk.target_ids)} target ids",
        )
        self._head.vocabulary.add(chunk.new_tokens)
        missing = set(chunk.missing)
        for i in range(count):
            top = self._head.vocabulary[chunk.final_top_ids[i]]
            ids: list[int | None] = []
            for j in range(m):
                at = i * m + j
                token_id = None if at in missing else chunk.target_ids[at]
                missing.discard(at)
                self._require_id(j, first + i, token_id, top)
                ids.append(token_id)
            self.ids.append(ids)
            self.final_tops.append(Prediction(top, chunk.final_top_log_probs[i]))
        require(not missing, f"targets that do not exist are said to be missing: {sorted(missing)}")

    def _require_id(self, target: int, position_index: int, came: int | None, top: Token) -> None:
        position = self._head.prompt.positions[position_index]
        expected = self._expected_id(target, position, top)
        if came is not None and self._asked[target] is NEXT_TOKEN and expected is None and self._head.has_next(position):
            expected = came  # A token that is yet to be told of is compared once it comes.
        require(
            came == expected,
            f"target {self._asked[target]!r} at position {position} should be token {expected}, but {came} came",
        )
        if came is not None:
            self._head.vocabulary[came]

    def _expected_id(self, target: int, position: int, top: Token) -> int | None:
        asked = self._asked[target]
        if asked is NEXT_TOKEN:
            following = self._head.next(position)
            return None if following is None else following.id
        return top.id if isinstance(asked, PositionTarget) else self.encodings[target][0].id


def _require_encoding(target: Target, encoding: tuple[Token, ...]) -> None:
    if isinstance(target, PositionTarget):
        return
    require(bool(encoding), f"target {target!r} came without tokens")
    require(not isinstance(target, int) or encoding[0].id == target, f"target {target!r} came as token {encoding[0].id}")
