"""Prompts: a text, vocabulary ids, or a chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypedDict

from google.protobuf import json_format, struct_pb2

from stratalens.v1 import lens_pb2


class ChatMessage(TypedDict):
    """One message of a chat: ``{"role": "user", "content": "Hello"}``."""

    role: str
    content: str


@dataclass(frozen=True)
class Chat:
    """A chat that the model's own template renders."""

    messages: Sequence[ChatMessage]
    generation_prompt: bool = True
    """Whether the opening of the model's own turn comes last."""
    template_arguments: Mapping[str, Any] = field(default_factory=dict)
    """Further variables of the template, such as ``{"enable_thinking": False}``."""

    def message(self) -> lens_pb2.Chat:
        return lens_pb2.Chat(
            messages=[lens_pb2.ChatMessage(role=each["role"], content=each["content"]) for each in self.messages],
            omit_generation_prompt=not self.generation_prompt,
            template_arguments=json_format.ParseDict(dict(self.template_arguments), struct_pb2.Struct())
            if self.template_arguments
            else None,
        )


Prompt: TypeAlias = str | Sequence[int] | Chat


def prompt_message(prompt: Prompt, special_tokens: bool = True) -> lens_pb2.Prompt:
    """The message of a prompt. ``special_tokens``: whether the tokenizer adds its own to a text."""
    if isinstance(prompt, str):
        return lens_pb2.Prompt(text=prompt, omit_special_tokens=not special_tokens)
    if isinstance(prompt, Chat):
        return lens_pb2.Prompt(chat=prompt.message())
    if len(prompt) > 0 and isinstance(prompt[0], dict):
        raise TypeError("a chat is given as Chat([{'role': 'user', 'content': '…'}])")
    return lens_pb2.Prompt(token_ids=lens_pb2.TokenIds(ids=[each.__index__() for each in prompt]))


def each_prompt(prompts: Prompt | Iterable[Prompt]) -> list[Prompt]:
    """One prompt, or several."""
    if isinstance(prompts, (str, Chat)):
        return [prompts]
    several = list(prompts)
    # A list of integers is one prompt of vocabulary ids.
    if several and hasattr(several[0], "__index__"):
        return [several]  # type: ignore[list-item]
    return several  # type: ignore[return-value]
