"""One JSON object per line: requests on standard input, answers on standard output."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO


@dataclass(frozen=True)
class Request:
    token_ids: list[int]
    text: str | None
    top_k: int
    verify: bool

    @staticmethod
    def of(line: str) -> "Request":
        fields = json.loads(line)
        if "token_ids" not in fields:
            raise ValueError('a request needs "token_ids"; "text", "top_k" and "verify" may be added')
        return Request(
            token_ids=fields["token_ids"],
            text=fields.get("text"),
            top_k=fields.get("top_k", 5),
            verify=fields.get("verify", False),
        )


class Answers:
    """The channel for answers. Whatever else writes to standard output, a tool's progress bar say, goes to errors."""

    def __init__(self) -> None:
        self.lines: TextIO = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def send(self, **fields: Any) -> None:
        print(json.dumps(fields), file=self.lines, flush=True)


def requests() -> Iterator[str]:
    """The lines until the other side closes; each is parsed by the caller, who answers for a bad one."""
    return iter(sys.stdin.readline, "")
