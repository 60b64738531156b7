"""GGUF files of tokenizers, and the ids of the original tokenizer.json: what transformers' GGUF reader gets wrong."""

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gguf import GGUFWriter, TokenType
from tokenizers import Tokenizer

from formats.gguf_cases import FILE
from formats.gguf_tokenizers import TOKENIZERS, strings

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")
BLOOM = " ?[^(\\s|[.,!?…。，、।۔،])]+"
SPECIAL = ["<｜begin▁of▁sentence｜>", "<｜User｜>", "<a b>", "«é»"]
ROLES = ["<|endoftext|>", "<|user|>", "<|end|>"]
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}


def split(expression: str) -> dict:
    return {"type": "Split", "pattern": {"Regex": expression}, "behavior": "Isolated", "invert": False}


def words(*parts: dict) -> dict:
    return {"type": "Sequence", "pretokenizers": list(parts)}


@dataclass(frozen=True)
class Original:
    name: str
    architecture: str
    source: str
    """The recorded tokenizer that gives pieces and merges."""
    pre: str
    change: Callable[[dict], None]
    """Makes the source's tokenizer.json that of the original."""
    pieces: list[str] = field(default_factory=list)
    """Further pieces that no merge makes."""
    special: list[str] = field(default_factory=list)
    user_defined: list[str] = field(default_factory=list)
    bos: str | None = None
    texts: list[str] = field(default_factory=list)


def whole_pieces(tokenizer: dict) -> None:
    tokenizer["pre_tokenizer"] = words(split(LLAMA3), BYTES)
    tokenizer["model"]["ignore_merges"] = True


def qwen(tokenizer: dict) -> None:
    tokenizer["pre_tokenizer"] = words(split(LLAMA3.replace("{1,3}", "")), BYTES)


def phi3(tokenizer: dict) -> None:
    mark = "▁"
    tokenizer["normalizer"] = {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": mark}, {"type": "Replace", "pattern": {"String": " "}, "content": mark}]}
    tokenizer["pre_tokenizer"] = None
    for token in tokenizer["added_tokens"]:
        token["rstrip"] = token["content"] not in ("<unk>", "<s>", "<|endoftext|>")


def bloom(tokenizer: dict) -> None:
    tokenizer["pre_tokenizer"] = words(split(BLOOM), BYTES)


def falcon(tokenizer: dict) -> None:
    tokenizer["pre_tokenizer"] = words({"type": "Punctuation", "behavior": "Contiguous"},
                                       BYTES | {"use_regex": True}, split("[0-9][0-9][0-9]"))


CASES = [
    Original("whole-pieces", "llama", "byte-level", "llama-bpe", whole_pieces, ["unmergeable", "Ġsoubor", "ĠViá»ĩt"],
             ["<|begin_of_text|>"], [], "<|begin_of_text|>", ["unmergeable soubor Việt", "x unmergeable", "unmergeablex"]),
    Original("glm4", "glm4", "byte-level", "glm4", whole_pieces, ["unmergeable"], ["<|endoftext|>"], ["<|user|>"],
             texts=["unmergeable 12345", "<|user|>x unmergeablex"]),
    Original("named-by-text", "qwen2", "byte-level", "deepseek-r1-qwen", qwen, [], SPECIAL[:1], SPECIAL[1:], None,
             ["<｜User｜>hello<｜begin▁of▁sentence｜>", "x<a b>y", "«é»hello", "é » «"]),
    Original("phi3-roles", "phi3", "metaspace", "default", phi3, [], ROLES, [], None,
             ["<|user|>\nHello<|end|>\n<|user|>  x", "<|endoftext|>\n<|endoftext|> x", "</s>\n x"]),
    Original("bloom", "bloom", "byte-level", "bloom", bloom, texts=["a, b. c (d) 1234", " …x 。y"]),
    Original("falcon", "falcon", "byte-level", "falcon", falcon, texts=["a+b=c, $100 12345 it's", "!!! ...x `y`"]),
]


def write(case: Original, directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    tokenizer = original(case)
    reference = Tokenizer.from_str(json.dumps(tokenizer))
    reference.no_padding()
    reference.no_truncation()
    writer = GGUFWriter(directory / FILE, case.architecture)
    sentencepiece = case.source == "metaspace"
    writer.add_tokenizer_model("llama" if sentencepiece else "gpt2")
    writer.add_tokenizer_pre(case.pre)
    vocabulary = tokenizer["model"]["vocab"] | {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    tokens = sorted(vocabulary, key=vocabulary.get)
    special = {token["content"] for token in tokenizer["added_tokens"] if token["special"]}
    kinds = {token: TokenType.CONTROL for token in special} | {token: TokenType.USER_DEFINED for token in case.user_defined}
    writer.add_token_list(tokens)
    writer.add_token_types([kinds.get(token, TokenType.BYTE if token.startswith("<0x") else TokenType.NORMAL) for token in tokens])
    writer.add_token_merges([" ".join(merge) for merge in tokenizer["model"]["merges"]])
    if sentencepiece:
        writer.add_token_scores([-float(index) for index in range(len(tokens))])
        writer.add_add_bos_token(False)
    if case.bos:
        writer.add_bos_token_id(vocabulary[case.bos])
    for step in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file, writer.close):
        step()
    with open(directory / "expected.jsonl", "w", encoding="utf-8") as file:
        for text in [*strings(), *case.texts]:
            ids = reference.encode(text, add_special_tokens=False).ids
            templated = [vocabulary[case.bos], *ids] if case.bos else ids
            file.write(json.dumps({"text": text, "ids": ids, "templated": templated}, separators=(",", ":")) + "\n")


def original(case: Original) -> dict:
    tokenizer = copy.deepcopy(json.loads((TOKENIZERS / case.source / "tokenizer.json").read_text(encoding="utf-8")))
    vocabulary = tokenizer["model"]["vocab"]
    for piece in case.pieces:
        vocabulary[piece] = len(vocabulary)
    first = len(vocabulary)
    own = [token for token in vocabulary if token in ("<unk>", "<s>", "</s>")]
    ids = {token: vocabulary[token] for token in own}
    ids |= {token: first + index for index, token in enumerate([*case.special, *case.user_defined])}
    tokenizer["added_tokens"] = [
        {"id": ids[token], "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
         "special": token not in case.user_defined} for token in ids]
    tokenizer["post_processor"] = None
    case.change(tokenizer)
    return tokenizer
