"""Tokenizers as GGUF files hold them, and the ids that transformers finds for hostile strings with each."""

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from gguf import GGUFWriter, TokenType
from transformers import AutoTokenizer

from formats.gguf_cases import FILE

TOKENIZERS = Path(__file__).parents[2] / "resources" / "tokenizers"
sys.path.append(str(TOKENIZERS))
from hostile import strings  # noqa: E402

CONTROL = ["<|endoftext|>", "<|with space|>"]
USER_DEFINED = ["<think>"]


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
]


def write(case: TokenizerCase, directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    writer = GGUFWriter(directory / FILE, case.architecture)
    writer.add_tokenizer_model(case.model)
    if case.pre:
        writer.add_tokenizer_pre(case.pre)
    (byte_level if case.model == "gpt2" else sentencepiece)(writer, case)
    for flag, value in case.flags.items():
        writer.add_bool(f"tokenizer.ggml.{flag}", value)
    for step in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file, writer.close):
        step()
    tokenizer = AutoTokenizer.from_pretrained(directory, gguf_file=FILE)
    with open(directory / "expected.jsonl", "w", encoding="utf-8") as file:
        for text in [*strings(), "a<think>b", "x <|endoftext|> y"]:
            plain, templated = (tokenizer.backend_tokenizer.encode(text, add_special_tokens=special).ids
                                for special in (False, True))
            file.write(json.dumps({"text": text, "ids": plain, "templated": templated}, separators=(",", ":")) + "\n")


def pieces(case: TokenizerCase) -> tuple[list[str], dict]:
    model = json.loads((TOKENIZERS / case.source / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    return [piece for piece, _ in sorted(model["vocab"].items(), key=lambda entry: entry[1])], model


def byte_level(writer: GGUFWriter, case: TokenizerCase) -> None:
    tokens, model = pieces(case)
    writer.add_token_list(tokens + CONTROL + USER_DEFINED)
    writer.add_token_types([TokenType.NORMAL] * len(tokens) + [TokenType.CONTROL] * len(CONTROL)
                           + [TokenType.USER_DEFINED] * len(USER_DEFINED))
    writer.add_token_merges([" ".join(merge) for merge in model["merges"]])
    writer.add_bos_token_id(len(tokens))
    writer.add_eos_token_id(len(tokens))


def sentencepiece(writer: GGUFWriter, case: TokenizerCase) -> None:
    """The names and ids of the special tokens are Llama's, or Gemma's; runs of spaces are spelled as they are."""
    tokens, _ = pieces(case)
    gemma = case.architecture.startswith("gemma")
    first = ["<pad>", "<eos>", "<bos>", "<unk>"] if gemma else tokens[:3]
    rest = [token for token in tokens if token not in tokens[:3]]
    runs = ["  ", "   ", "    "] if gemma else []
    added = (["<mask>"] if gemma else []) + USER_DEFINED
    # Later pieces have lower scores; three at a time share one, so that ties occur.
    scores = [0.0] * len(first) + [-float(index // 3) for index in range(len(rest))] + [0.0] * (len(runs) + len(added))
    kinds = [TokenType.BYTE if token.startswith("<0x") else TokenType.NORMAL for token in rest]
    special = [TokenType.UNKNOWN if token == "<unk>" else TokenType.CONTROL for token in first]
    writer.add_token_list(first + rest + runs + added)
    writer.add_token_scores(scores)
    writer.add_token_types(special + kinds + [TokenType.NORMAL] * len(runs) + [TokenType.USER_DEFINED] * len(added))
    writer.add_bos_token_id(first.index("<bos>" if gemma else "<s>"))
    writer.add_eos_token_id(first.index("<eos>" if gemma else "</s>"))
    writer.add_unk_token_id(first.index("<unk>"))
