"""Tokenizers as GGUF files hold them, and the ids for hostile strings: by the original tokenizer.json, or by SentencePiece itself."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gguf import GGUFWriter, TokenType
from sentencepiece import SentencePieceProcessor
from sentencepiece.sentencepiece_model_pb2 import ModelProto
from tokenizers import AddedToken, Tokenizer

from formats.gguf_cases import FILE

TOKENIZERS = Path(__file__).parents[2] / "resources" / "tokenizers"
sys.path.append(str(TOKENIZERS))
from hostile import strings  # noqa: E402

CONTROL = ["<|endoftext|>", "<|with space|>"]
USER_DEFINED = ["<think>"]


BEGIN_WITH_BOS = {"llama-bpe", "tekken"}
"""They also take a piece that is a token whole."""


@dataclass(frozen=True)
class TokenizerCase:
    name: str
    architecture: str
    model: str
    source: str
    """The recorded tokenizer that gives the vocabulary."""
    pre: str | None = None
    flags: dict = field(default_factory=dict)


CASES = [
    TokenizerCase("gpt-2", "gpt2", "gpt2", "byte-level", "gpt-2"),
    TokenizerCase("llama-bpe", "llama", "gpt2", "byte-level", "llama-bpe", {"add_bos_token": True}),
    TokenizerCase("qwen2", "qwen2", "gpt2", "byte-level", "qwen2", {"add_bos_token": False}),
    TokenizerCase("tekken", "llama", "gpt2", "byte-level", "tekken", {"add_bos_token": True, "add_eos_token": True}),
    TokenizerCase("gpt-4o", "phi3", "gpt2", "byte-level", "gpt-4o"),
    TokenizerCase("llama", "llama", "llama", "metaspace"),
    TokenizerCase("gemma", "gemma2", "llama", "metaspace", None, {"add_bos_token": True, "add_space_prefix": False}),
    TokenizerCase("gemma4", "gemma4", "gemma4", "metaspace", None, {"add_bos_token": True, "add_space_prefix": False}),
]


def write(case: TokenizerCase, directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    writer = GGUFWriter(directory / FILE, case.architecture)
    writer.add_tokenizer_model(case.model)
    if case.pre:
        writer.add_tokenizer_pre(case.pre)
    encode, bos, eos = {"gpt2": byte_level, "llama": sentencepiece, "gemma4": merged_marks}[case.model](writer, case)
    for flag, value in case.flags.items():
        writer.add_bool(f"tokenizer.ggml.{flag}", value)
    for step in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file, writer.close):
        step()
    before = [bos] if case.flags.get("add_bos_token", case.model != "gpt2" or case.pre in BEGIN_WITH_BOS) else []
    behind = [eos] if case.flags.get("add_eos_token") else []
    with open(directory / "expected.jsonl", "w", encoding="utf-8") as file:
        for text in [*strings(), "a<think>b", "x <|endoftext|> y"]:
            ids = encode(text)
            file.write(json.dumps({"text": text, "ids": ids, "templated": before + ids + behind}, separators=(",", ":")) + "\n")


def pieces(case: TokenizerCase) -> tuple[list[str], dict]:
    model = json.loads((TOKENIZERS / case.source / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    return [piece for piece, _ in sorted(model["vocab"].items(), key=lambda entry: entry[1])], model


def byte_level(writer: GGUFWriter, case: TokenizerCase) -> tuple[Callable[[str], list[int]], int, int]:
    from formats.gguf_pretokenizers import PUBLISHED, pre_tokenizer
    tokens, model = pieces(case)
    writer.add_token_list(tokens + CONTROL + USER_DEFINED)
    writer.add_token_types([TokenType.NORMAL] * len(tokens) + [TokenType.CONTROL] * len(CONTROL)
                           + [TokenType.USER_DEFINED] * len(USER_DEFINED))
    writer.add_token_merges([" ".join(merge) for merge in model["merges"]])
    writer.add_bos_token_id(len(tokens))
    writer.add_eos_token_id(len(tokens))
    original = json.loads((TOKENIZERS / case.source / "tokenizer.json").read_text(encoding="utf-8"))
    original |= {"pre_tokenizer": pre_tokenizer(PUBLISHED[case.pre]), "normalizer": None, "post_processor": None, "added_tokens": []}
    original["model"]["ignore_merges"] = case.pre in BEGIN_WITH_BOS
    reference = Tokenizer.from_str(json.dumps(original))
    reference.no_padding()
    reference.no_truncation()
    reference.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in CONTROL])
    reference.add_tokens([AddedToken(token, normalized=False) for token in USER_DEFINED])
    return lambda text: reference.encode(text).ids, len(tokens), len(tokens)


def merged_marks(writer: GGUFWriter, case: TokenizerCase) -> tuple[Callable[[str], list[int]], int, int]:
    """Spaces are U+2581 as in SentencePiece; merges are listed, and the original is a tokenizer.json."""
    tokens, model = pieces(case)
    first = ["<pad>", "<eos>", "<bos>", "<unk>"]
    everything = first + tokens[3:] + USER_DEFINED
    writer.add_token_list(everything)
    writer.add_token_types([TokenType.CONTROL] * len(first)
                           + [TokenType.BYTE if token.startswith("<0x") else TokenType.NORMAL for token in tokens[3:]]
                           + [TokenType.USER_DEFINED] * len(USER_DEFINED))
    writer.add_token_merges([" ".join(merge) for merge in model["merges"]])
    writer.add_bos_token_id(first.index("<bos>"))
    writer.add_eos_token_id(first.index("<eos>"))
    writer.add_unk_token_id(first.index("<unk>"))
    original = {
        "version": "1.0",
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False},
        "model": model | {"vocab": {token: place for place, token in enumerate(everything)}, "unk_token": "<unk>"},
    }
    reference = Tokenizer.from_str(json.dumps(original))
    reference.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in first])
    reference.add_tokens([AddedToken(token, normalized=False) for token in USER_DEFINED])
    return lambda text: reference.encode(text).ids, first.index("<bos>"), first.index("<eos>")


def sentencepiece(writer: GGUFWriter, case: TokenizerCase) -> tuple[Callable[[str], list[int]], int, int]:
    """The names and ids of the special tokens are Llama's, or Gemma's; runs of spaces are spelled as they are, and come early."""
    tokens, _ = pieces(case)
    gemma = case.architecture.startswith("gemma")
    first = ["<pad>", "<eos>", "<bos>", "<unk>"] if gemma else tokens[:3]
    rest = [token for token in tokens if token not in tokens[:3]]
    runs = ["  ", "   ", "    "] if gemma else []
    added = (["<mask>"] if gemma else []) + USER_DEFINED
    # Later pieces have lower scores. In Llama's, three at a time share one, so that ties occur.
    scores = [0.0] * len(first) + [-float(index if gemma else index // 3) for index in range(len(runs) + len(rest))] + [0.0] * len(added)
    kinds = [TokenType.NORMAL] * len(runs) + [TokenType.BYTE if token.startswith("<0x") else TokenType.NORMAL for token in rest]
    special = [TokenType.UNKNOWN if token == "<unk>" else TokenType.CONTROL for token in first]
    everything = first + runs + rest + added
    types = special + kinds + [TokenType.USER_DEFINED] * len(added)
    writer.add_token_list(everything)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    bos, eos = (first.index(token) for token in (("<bos>", "<eos>") if gemma else ("<s>", "</s>")))
    writer.add_bos_token_id(bos)
    writer.add_eos_token_id(eos)
    writer.add_unk_token_id(first.index("<unk>"))
    whole = [token for token, kind in zip(everything, types) if kind not in (TokenType.NORMAL, TokenType.BYTE)]
    return reference_of(everything, scores, types, whole, case.flags.get("add_space_prefix", True)), bos, eos


def reference_of(tokens: list[str], scores: list[float], types: list[TokenType], whole: list[str],
                 space_before: bool) -> Callable[[str], list[int]]:
    """SentencePiece for what is between the tokens that are matched whole, each part with a space before it, as in the original
    tokenizer.json, whose normalizer sees each part, and as in llama.cpp."""
    sentencepiece = processor(tokens, scores, types, space_before)
    places = re.compile("(" + "|".join(map(re.escape, whole)) + ")")

    def encode(text: str) -> list[int]:
        ids = []
        for number, part in enumerate(places.split(text)):
            ids += [tokens.index(part)] if number % 2 else sentencepiece.encode(part) if part else []
        return ids
    return encode


def processor(tokens: list[str], scores: list[float], types: list[TokenType], prefix: bool) -> SentencePieceProcessor:
    model = ModelProto()
    for token, score, kind in zip(tokens, scores, types):
        model.pieces.add(piece=token.replace(" ", "▁") if token.isspace() else token, score=score, type=int(kind))
    model.trainer_spec.model_type = 2  # BPE
    model.trainer_spec.byte_fallback = True
    model.trainer_spec.unk_id = tokens.index("<unk>")
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = prefix
    model.normalizer_spec.remove_extra_whitespaces = False
    return SentencePieceProcessor(model_proto=model.SerializeToString())
