"""The texts of the ids of a stream."""

from __future__ import annotations

from collections.abc import Iterable

from stratalens._assembly.broken import require
from stratalens.tokens import Token
from stratalens.v1 import lens_pb2, model_pb2

_LARGEST_VOCABULARY = 2**31 - 1


class Vocabulary:
    """Collects the tables of all events. A text comes once, before its id is used."""

    def __init__(self, spelling: int, size: int = _LARGEST_VOCABULARY) -> None:
        self._spelling = spelling
        self._size = size
        self.tokens: dict[int, Token] = {}

    def add(self, table: lens_pb2.TokenTable) -> None:
        require(len(table.texts) == len(table.ids), f"a token table has {len(table.ids)} ids but {len(table.texts)} texts")
        irregular = self._irregular(table)
        for token_id, text in zip(table.ids, table.texts, strict=True):
            require(0 <= token_id < self._size, f"token id {token_id} is outside the vocabulary of {self._size}")
            require(token_id not in self.tokens, f"the text of token id {token_id} came twice")
            self.tokens[token_id] = self._token(token_id, text, irregular.pop(token_id, None))
        require(not irregular, f"spellings came for ids without text: {sorted(irregular)}")

    def __getitem__(self, token_id: int) -> Token:
        token = self.tokens.get(token_id)
        require(token is not None, f"token id {token_id} is used before its text came")
        assert token is not None
        return token

    def all(self, token_ids: Iterable[int]) -> tuple[Token, ...]:
        return tuple(self[token_id] for token_id in token_ids)

    @staticmethod
    def _irregular(table: lens_pb2.TokenTable) -> dict[int, str]:
        ids, spellings = table.irregular_ids, table.irregular_spellings
        require(len(ids) == len(spellings), f"a token table has {len(ids)} irregular ids but {len(spellings)} spellings")
        return dict(zip(ids, spellings, strict=True))

    def _token(self, token_id: int, text: bytes, irregular: str | None) -> Token:
        raw = spelled(text, self._spelling) if irregular is None else irregular
        if text:
            return Token(token_id, raw, decoded(text))
        # What stands for no bytes is shown as it is spelled, as some special tokens are, or else by its id.
        return Token(token_id, raw, raw or f"<unused_{token_id}>")


def decoded(text: bytes) -> str:
    """UTF-8, where bytes that are no whole character are written as ``<0xE6>``."""
    return "".join(
        f"<0x{ord(each) - 0xDC00:02X}>" if 0xDC80 <= ord(each) <= 0xDCFF else each
        for each in text.decode("utf-8", "surrogateescape")
    )


def spelled(text: bytes, spelling: int) -> str:
    """How the vocabulary writes these bytes."""
    if spelling == model_pb2.TOKEN_SPELLING_BYTE_LEVEL:
        return "".join(_BYTE_LEVEL[each] for each in text)
    if spelling == model_pb2.TOKEN_SPELLING_METASPACE:
        return decoded(text).replace(" ", "\u2581")
    return decoded(text)


def _byte_level_alphabet() -> list[str]:
    """GPT-2's table: printable Latin-1 stands for itself, the other bytes are counted up from U+0100."""
    alphabet, following = [], 0x100
    for value in range(256):
        if 0x21 <= value <= 0x7E or (value >= 0xA1 and value != 0xAD):
            alphabet.append(chr(value))
        else:
            alphabet.append(chr(following))
            following += 1
    return alphabet


_BYTE_LEVEL = _byte_level_alphabet()
