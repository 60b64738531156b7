"""Prompts: a text, vocabulary ids, or a chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypedDict

import numpy as np
from google.protobuf import json_format, struct_pb2
from numpy.typing import NDArray

from stratalens.arguments import is_whole, several, text, whole, wrong_type
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
            messages=[_chat_message(each) for each in self.messages],
            omit_generation_prompt=not self.generation_prompt,
            template_arguments=_struct(self.template_arguments) if self.template_arguments else None,
        )


def _struct(arguments: Mapping[str, Any]) -> struct_pb2.Struct:
    try:
        return json_format.ParseDict(dict(arguments), struct_pb2.Struct())
    except json_format.ParseError:
        raise wrong_type("template_arguments", "values of JSON by their names", arguments) from None


def _chat_message(message: ChatMessage) -> lens_pb2.ChatMessage:
    if not isinstance(message, Mapping) or set(message) != {"role", "content"}:
        raise wrong_type("message of a chat", "{'role': …, 'content': …}", message)
    return lens_pb2.ChatMessage(role=text("role", message["role"]), content=text("content", message["content"]))


Prompt: TypeAlias = str | Sequence[int] | NDArray[np.integer[Any]] | Chat
"""A text, vocabulary ids, or a chat."""

_ALLOWED = "a text, a list of vocabulary ids, or a Chat"


def prompt_message(prompt: Prompt, special_tokens: bool = True) -> lens_pb2.Prompt:
    """The message of a prompt. ``special_tokens``: whether the tokenizer adds its own to a text."""
    if isinstance(prompt, str):
        return lens_pb2.Prompt(text=prompt, omit_special_tokens=not special_tokens)
    if isinstance(prompt, Chat):
        return lens_pb2.Prompt(chat=prompt.message())
    return lens_pb2.Prompt(token_ids=lens_pb2.TokenIds(ids=_ids(prompt)))


def each_prompt(prompts: Prompt | Iterable[Prompt]) -> list[Prompt]:
    """One prompt, or several."""
    several_prompts = several("prompts", prompts, (str, Chat), _ALLOWED)
    # A list of integers is one prompt of vocabulary ids.
    return [several_prompts] if several_prompts and is_whole(several_prompts[0]) else several_prompts


def prompts_of_batch(prompts: Iterable[Prompt]) -> Iterable[Prompt]:
    """The same, unless they are one prompt."""
    if isinstance(prompts, (str, bytes, Chat, Mapping)) or not isinstance(prompts, Iterable):
        raise wrong_type("prompts", "several prompts; give a list, or analyze(…) one", prompts)
    return prompts


def _ids(prompt: object) -> list[int]:
    if isinstance(prompt, Mapping) or (isinstance(prompt, Sequence) and prompt and isinstance(prompt[0], Mapping)):
        raise TypeError("a chat is given as Chat([{'role': 'user', 'content': '…'}]), and ids as a list of integers")
    if len(getattr(prompt, "shape", "1")) > 1:
        raise TypeError(f"prompt: the ids have the shape {tuple(prompt.shape)}; give one row, such as ids[0]")  # type: ignore[attr-defined]
    if not isinstance(prompt, Iterable) or isinstance(prompt, (bytes, bytearray)):
        raise wrong_type("prompt", _ALLOWED, prompt)
    ids = list(prompt)
    if any(isinstance(each, (str, Chat)) for each in ids):
        raise TypeError("prompt: these are several prompts; batch(…) takes them, or a loop gives one after the other")
    return [whole("token id", each, 0) for each in ids]
