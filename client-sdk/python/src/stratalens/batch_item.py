"""Answers of a batch."""

from __future__ import annotations

from dataclasses import dataclass

from stratalens.errors import StratalensError
from stratalens.prompts import Prompt
from stratalens.result import LensResult


@dataclass(frozen=True, eq=False)
class BatchItem:
    """The answer to one prompt of a batch."""

    index: int
    """Place of the prompt, from 0."""
    prompt: Prompt
    error: StratalensError | None
    """Why this prompt failed; the others go on."""
    _result: LensResult | None

    @property
    def result(self) -> LensResult:
        """The result; raises the error if the prompt failed."""
        if self._result is None:
            assert self.error is not None
            raise self.error
        return self._result

    def __repr__(self) -> str:
        return f"<{self.index}: {self.error or self._result!r}>"
