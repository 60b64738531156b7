"""The tokens of the prompt, and the positions of the stream."""

from __future__ import annotations

from collections.abc import Iterable

from stratalens._assembly.broken import require
from stratalens._assembly.vocabulary import Vocabulary
from stratalens.tokens import PromptToken
from stratalens.v1 import lens_pb2, model_service_pb2


class PromptReader:
    def __init__(
        self, token_count: int, vocabulary: Vocabulary, tokens: Iterable[PromptToken] = (), positions: Iterable[int] = ()
    ) -> None:
        self._token_count = token_count
        self._vocabulary = vocabulary
        self.tokens = list(tokens)
        self.positions = list(positions)
        self.rendered = ""

    @property
    def complete(self) -> bool:
        return len(self.tokens) == self._token_count

    def add(self, chunk: lens_pb2.PromptChunk) -> None:
        require(not self.complete, f"a prompt chunk came after all {self._token_count} tokens")
        first = len(self.tokens)
        self.add_tokens(chunk)
        for each in chunk.positions:
            self._add_positions(each, first)
        self.rendered += chunk.rendered_chat

    def add_tokens(self, chunk: lens_pb2.PromptChunk) -> None:
        count, starts, ends = len(chunk.token_ids), len(chunk.token_starts), len(chunk.token_ends)
        came, left = len(self.tokens), self._token_count - len(self.tokens)
        require(chunk.first_token == came, f"expected the prompt from token {came}, but token {chunk.first_token} came")
        require(
            (count > 0 or self._token_count == 0) and count <= left,
            f"a prompt chunk has {count} tokens where {left} are left",
        )
        require(starts == ends and starts in (0, count), f"{count} tokens came with {starts} starts and {ends} ends")
        self._vocabulary.add(chunk.new_tokens)
        for i, token_id in enumerate(chunk.token_ids):
            token = self._vocabulary[token_id]
            if starts == 0:
                self.tokens.append(PromptToken(token, None, None))
                continue
            start, end = chunk.token_starts[i], chunk.token_ends[i]
            require(0 <= start <= end, f"token {len(self.tokens)} has the byte range {start} .. {end}")
            self.tokens.append(PromptToken(token, start, end))

    def _add_positions(self, indexes: lens_pb2.IndexRange, first_of_chunk: int) -> None:
        previous = self.positions[-1] if self.positions else -1
        first, last, stride = indexes.first, indexes.last, indexes.stride
        require(
            first > previous and first >= first_of_chunk and first <= last < len(self.tokens) and stride >= 1,
            f"positions {first} .. {last}, every {stride}, came after position {previous} in a chunk of the tokens "
            f"{first_of_chunk} .. {len(self.tokens) - 1}",
        )
        self.positions += [*range(first, last, stride), last]


def tokenization(responses: Iterable[model_service_pb2.TokenizeResponse]) -> tuple[list[PromptToken], int]:
    """A prompt's tokens, from all responses, and the context length of the model."""
    prompt: PromptReader | None = None
    context = count = 0
    for response in responses:
        if prompt is None:
            require(
                response.HasField("token_count") and response.HasField("context_length"),
                "the first response has no token count or context length",
            )
            count, context = response.token_count, response.context_length
            prompt = PromptReader(count, Vocabulary(response.token_spelling))
        prompt.add_tokens(response.chunk)
    require(prompt is not None and prompt.complete, f"the tokens ended before all {count} had come")
    assert prompt is not None
    return prompt.tokens, context
