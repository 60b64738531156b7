"""A prompt and what is generated after it, with the place of each token."""

from __future__ import annotations

from dataclasses import replace

from stratalens.tokens import PromptToken, Token


class GrowingText:
    def __init__(self, prompt: str | None, tokens: tuple[PromptToken, ...]) -> None:
        self.tokens = list(tokens)
        self.text = prompt
        """None if the prompt was given as ids."""
        self._length = 0 if prompt is None else len(prompt.encode())
        # Tokens at the end that are fragments of a character that is not complete.
        self._fragments = 0

    def add(self, token: Token, completed: str) -> None:
        """Adds a token; fragments of one character share its range."""
        if self.text is None:
            self.tokens.append(PromptToken(token, None, None))
            return
        start = self._length
        self._length += len(completed.encode())
        self.text += completed
        self.tokens.append(PromptToken(token, start, self._length))
        if completed:
            for at in range(len(self.tokens) - 1 - self._fragments, len(self.tokens)):
                self.tokens[at] = replace(self.tokens[at], start=start, end=self._length)
        self._fragments = 0 if completed else self._fragments + 1
