"""The header, which must promise what was asked: all that comes after it is compared with the promise only."""

from __future__ import annotations

from copy import copy

from stratalens._assembly.broken import broken, require
from stratalens._assembly.prompt import PromptReader
from stratalens._assembly.vocabulary import Vocabulary
from stratalens.columns import BY_NUMBER
from stratalens.lenses import lens_message
from stratalens.places import EMBEDDING, SITE_NAMES, ReadPoint
from stratalens.request import Request
from stratalens.result_info import Coverage
from stratalens.tokens import PromptToken
from stratalens.v1 import lens_pb2


class Head:
    """What is known before the first numbers."""

    def __init__(self, request: Request, header: lens_pb2.LensHeader, goes_on: bool = False) -> None:
        """goes_on: whether a token follows the last one that the model has yet to choose."""
        self.request = request
        self.header = header
        self._goes_on = goes_on
        self._require_echo()
        self.read_points = self._read_points()
        self.covered: list[list[int]] = []
        self.coverage = self._coverage()
        self.columns = [BY_NUMBER[number] for number in header.statistics]
        """The columns of every cell, in the order in which they come."""
        self.vocabulary = Vocabulary(header.model.token_spelling, header.model.vocabulary_size)
        self.vocabulary.add(header.new_tokens)
        require(header.token_count >= 1, f"the header says that the prompt has {header.token_count} tokens")
        self.prompt = PromptReader(header.token_count, self.vocabulary)

    def row(self, tokens: list[PromptToken], position: int) -> Head:
        """The same header for one row of a text that goes on after the prompt, up to the token after the row's, if there is one."""
        row = copy(self)
        row._goes_on = False
        row.prompt = PromptReader(len(tokens), self.vocabulary, tokens, [position])
        return row

    def has_next(self, position: int) -> bool:
        """Whether a token follows a position of the stream."""
        return self._goes_on or position < len(self.prompt.tokens) - 1

    def next(self, position: int) -> PromptToken | None:
        """The token after a position of the stream; None if there is none, or if it is yet to be chosen."""
        tokens = self.prompt.tokens
        return tokens[position + 1] if position < len(tokens) - 1 else None

    @property
    def complete(self) -> bool:
        return self.prompt.complete

    @property
    def position_count(self) -> int:
        return len(self.prompt.positions)

    @property
    def text(self) -> str | None:
        """The text that the model reads; None if ids were sent."""
        if self.header.HasField("rendered_chat"):
            return self.header.rendered_chat + self.prompt.rendered
        return self.request.text

    def add(self, chunk: lens_pb2.PromptChunk) -> None:
        self.prompt.add(chunk)
        if self.prompt.complete:
            self._require_prompt()

    def _require_prompt(self) -> None:
        came, promised = self.position_count, self.header.position_count
        require(came == promised and came > 0, f"the header promised {promised} positions, the prompt came with {came}")
        form = self.request.message.prompt.WhichOneof("form")
        require(
            form != "token_ids" or [token.id for token in self.prompt.tokens] == list(self.request.message.prompt.token_ids.ids),
            "the prompt's tokens are not the ids that were sent",
        )
        rendered = self.header.HasField("rendered_chat")
        require(
            rendered == (form == "chat"),
            "a rendered chat came, but none was sent" if rendered else "a rendered chat is missing",
        )

    def _require_echo(self) -> None:
        asked, header = self.request.message, self.header
        lenses = [lens_message(name) for name in self.request.lenses]
        for what, wanted, answered in (
            ("predictions per cell", asked.top_k if asked.HasField("top_k") else header.top_k, header.top_k),
            ("statistics", sorted(asked.statistics), sorted(header.statistics)),
            ("attribution", asked.HasField("attribution"), len(header.attributed_parts) > 0),
            ("trajectories", asked.HasField("trajectories"), header.has_trajectories),
            ("lenses", lenses, list(header.lenses)),
            ("candidates", (asked.HasField("candidates"), asked.candidates), (header.HasField("candidates"), header.candidates)),
            ("number form", asked.number_form or lens_pb2.NUMBER_FORM_COMPACT, header.number_form),
            ("request id", asked.request_id, header.request_id),
            ("targets", list(asked.targets), [each.target for each in header.targets]),
        ):
            require(wanted == answered, f"{what}: asked for {wanted}, the header says {answered}")

    def _read_points(self) -> tuple[ReadPoint, ...]:
        found: list[ReadPoint] = []
        blocks = self.header.model.block_count
        for wire in self.header.read_points:
            site = SITE_NAMES.get(wire.site)
            if site not in self.request.sites:
                raise broken(f"a read point is at the site {wire.site}, which was not asked for")
            assert site is not None
            point = ReadPoint(0 if site == EMBEDDING else wire.block, site)
            require(
                wire.block >= 0 and point.block < blocks and (not found or found[-1].depth < point.depth),
                f"the header's read points are not ascending within {blocks} blocks: {point} after "
                f"{found[-1] if found else 'none'}",
            )
            found.append(point)
        require(bool(found), "the header lists no read points")
        require(
            EMBEDDING not in self.request.sites or found[0].site == EMBEDDING,
            f"the embedding was asked for, but the first read point is {found[0]}",
        )
        return tuple(found)

    def _coverage(self) -> tuple[Coverage, ...]:
        lenses, readings = len(self.request.lenses), self.header.readings
        require(len(readings) in (0, lenses), f"the header says what {len(readings)} of {lenses} lenses read")
        if not readings:
            self.covered = [list(range(len(self.read_points)))] * lenses
            return tuple(Coverage(name == "logit", 0, ()) for name in self.request.lenses)
        for reading in readings:
            points = list(reading.read_points)
            require(
                points == sorted(set(points)) and all(0 <= each < len(self.read_points) for each in points),
                f"the read points of a lens are not ascending within {len(self.read_points)}: {points}",
            )
            require(bool(points), "a lens has no read points")
            self.covered.append(points)
        return tuple(
            Coverage(reading.decodes_last_block_as_model, reading.skipped_positions, tuple(reading.warnings))
            for reading in readings
        )
