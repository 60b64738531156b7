"""Takes the events of one generation: the result of the prompt, then for each token its choice and its row."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from stratalens._assembly.body import Body
from stratalens._assembly.broken import broken, require
from stratalens._assembly.growing_text import GrowingText
from stratalens._assembly.header import Head
from stratalens._assembly.joined import Part, joined_info, joined_numbers
from stratalens._assembly.summary import read_summary
from stratalens.generation import GeneratedToken, GenerationResult
from stratalens.request import Request
from stratalens.result import LensResult
from stratalens.result_info import ResultInfo, SelfCheck, Summary
from stratalens.targets import NEXT_TOKEN
from stratalens.tokens import Token
from stratalens.v1 import generation_pb2, lens_pb2, lens_service_pb2

_CHUNKS = ("target_chunk", "cell_chunk", "trajectory_chunk")
_KINDS = ("progress", "header", "prompt_chunk", *_CHUNKS, "generated_token", "generation_summary", "summary")
_STOP_REASONS = {
    generation_pb2.STOP_REASON_END_TOKEN: "end-token",
    generation_pb2.STOP_REASON_STOP_TEXT: "stop-text",
    generation_pb2.STOP_REASON_MAX_TOKENS: "max-tokens",
}


@dataclass(frozen=True, eq=False)
class Choice:
    """A token, and what the lenses read where it was chosen."""

    token: GeneratedToken
    read: LensResult
    """For the first token over the positions of the prompt, for a later one at the position of the token before it; without a
    summary."""


class GenerationAssembler:
    """A row is read when the token after it is known, or that there is none: some of its numbers depend on that."""

    def __init__(self, message: lens_service_pb2.GenerateRequest) -> None:
        self._request = Request(message.request)
        self._forced = list(message.options.forced.ids)
        self._head: Head | None = None
        self._prompt: Body | None = None
        self._text: GrowingText | None = None
        self._row: list[lens_service_pb2.Event] = []
        """Of the row of the last token."""
        self._parts: list[Part] = []
        self._missing_rows = 0
        self._tokens: list[GeneratedToken] = []
        self._ended: generation_pb2.GenerationSummary | None = None
        self._result: GenerationResult | None = None
        self.choices: deque[Choice] = deque()
        """Tokens that came and were not taken."""
        self.on_progress: Callable[[lens_pb2.Progress], None] = lambda progress: None

    def add(self, event: lens_service_pb2.Event) -> None:
        kind = event.WhichOneof("kind")
        if kind not in _KINDS:
            return  # Of a newer server.
        require(self._result is None, f"{kind} came after the summary")
        if kind == "progress":
            self.on_progress(event.progress)
        elif kind == "header":
            require(self._head is None, "a second header came")
            self._head = Head(self._request, event.header, goes_on=True)
        elif kind == "prompt_chunk":
            self._add_prompt(event.prompt_chunk)
        elif kind == "generated_token":
            self._add_token(event.generated_token)
        elif kind == "generation_summary":
            self._end(event.generation_summary)
        elif kind == "summary":
            self._add_summary(event.summary)
        elif not self._tokens:
            _add_chunk(self._require_prompt(str(kind)), event, 0)
        else:
            require(self._ended is None, f"{kind} came after the end of the generation")
            self._row.append(self._without_texts(event))

    def finish(self) -> GenerationResult:
        """The result, at the end of the stream."""
        if self._result is None:
            raise broken(f"the stream ended without a summary, after {len(self._tokens)} tokens")
        return self._result

    def _add_prompt(self, chunk: lens_pb2.PromptChunk) -> None:
        head = self._require_head("a prompt chunk")
        head.add(chunk)
        if head.complete:
            self._prompt = Body(head)

    def _add_token(self, wire: generation_pb2.GeneratedToken) -> None:
        head = self._require_head("a generated token")
        require(self._ended is None, "a token came after the end of the generation")
        head.vocabulary.add(wire.new_tokens)
        token = head.vocabulary[wire.id]
        if self._text is None:
            self._text = self._close_prompt(token)
        index, position = len(self._tokens), len(self._text.tokens)
        require(wire.position == position, f"expected a token at position {position}, but one at {wire.position} came")
        require(
            wire.forced == (index < len(self._forced)) and (not wire.forced or self._forced[index] == wire.id),
            f"token {index} of the generation is {wire.id}, forced: {wire.forced}; the forced tokens are {self._forced}",
        )
        self._text.add(token, wire.text)
        if index > 0:
            self._close_row(position - 1)
        made = GeneratedToken(
            position,
            token,
            wire.log_probability,
            wire.settled_from if wire.HasField("settled_from") else None,
            wire.forced,
            wire.text,
        )
        self._tokens.append(made)
        self.choices.append(Choice(made, self._last_part()))

    def _close_prompt(self, first: Token) -> GrowingText:
        body = self._require_prompt("a generated token")
        self._keep(body, "a generated token")
        info, last = self._parts[0].info, len(self._parts[0].info.tokens) - 1
        require(last in info.positions, f"a token came, but the position from which it was chosen, {last}, was not read")
        for target in info.targets:
            if target.target is NEXT_TOKEN:
                said = target.ids[info.positions.index(last)]
                require(said == first.id, f"the next token of the prompt was said to be {said}, but token {first.id} came")
        return GrowingText(info.prompt, info.tokens)

    def _close_row(self, position: int) -> None:
        """Reads the row of the token at a position; all that it refers to has come."""
        text = self._require_text()
        body = Body(self._require_head("a row").row(text.tokens, position))
        before = sum(len(part.info.positions) for part in self._parts)
        for event in self._row:
            _add_chunk(body, event, before)
        self._row.clear()
        self._keep(body, f"the token after position {position}")

    def _keep(self, body: Body, what: str) -> None:
        self._missing_rows += body.finish(what)
        self._parts.append(Part(body.require_info(what), tuple(body.numbers(lens) for lens in range(len(body.readers)))))

    def _last_part(self) -> LensResult:
        head, part = self._require_head("a row"), self._parts[-1]
        vocabulary = {token_id: head.vocabulary[token_id] for token_id in part.ids()}
        return LensResult(part.info, part.lenses, vocabulary, _no_summary())

    def _end(self, summary: generation_pb2.GenerationSummary) -> None:
        require(self._ended is None, "the generation ended twice")
        came = len(self._tokens)
        require(summary.token_count == came, f"the generation's summary counts {summary.token_count} tokens where {came} came")
        self._close_row(len(self._require_text().tokens) - 1)
        self._ended = summary

    def _add_summary(self, summary: lens_pb2.LensSummary) -> None:
        if self._ended is None:
            raise broken("the summary came before the end of the generation")
        head, text = self._require_head("the summary"), self._require_text()
        info: ResultInfo = replace(joined_info(self._parts), prompt=text.text, tokens=tuple(text.tokens))
        reading = LensResult(
            info,
            joined_numbers(self._parts),
            dict(head.vocabulary.tokens),
            read_summary(summary, head, len(info.positions), self._missing_rows),
        )
        self._result = GenerationResult(
            reading,
            tuple(self._tokens),
            _STOP_REASONS.get(self._ended.stop_reason, "other"),
            self._ended.seed if self._ended.HasField("seed") else None,
        )

    def _without_texts(self, event: lens_service_pb2.Event) -> lens_service_pb2.Event:
        """Takes the texts that come with a chunk, which later events may use before the chunk itself is read."""
        copy = lens_service_pb2.Event()
        copy.CopyFrom(event)
        chunk = getattr(copy, str(event.WhichOneof("kind")))
        self._require_head("a row").vocabulary.add(chunk.new_tokens)
        chunk.ClearField("new_tokens")
        return copy

    def _require_head(self, what: str) -> Head:
        if self._head is None:
            raise broken(f"{what} came before the header")
        return self._head

    def _require_prompt(self, what: str) -> Body:
        if self._prompt is None:
            raise broken(f"{what} came before {'the header' if self._head is None else 'all of the prompt'}")
        return self._prompt

    def _require_text(self) -> GrowingText:
        if self._text is None:
            raise broken("the generation ended before its first token")
        return self._text


def _add_chunk(part: Body, event: lens_service_pb2.Event, before: int) -> None:
    """before: positions of the stream before those of the part."""
    kind = event.WhichOneof("kind")
    if kind == "target_chunk":
        event.target_chunk.first_position -= before
        part.add_targets(event.target_chunk)
    elif kind == "cell_chunk":
        event.cell_chunk.first_position -= before
        part.add_cells(event.cell_chunk)
    else:
        event.trajectory_chunk.position -= before
        part.add_trajectory(event.trajectory_chunk)


def _no_summary() -> Summary:
    """Of a part, before the end is known."""
    return Summary(SelfCheck(math.nan, False, ()), math.nan, math.nan, math.nan, 0, 0)
