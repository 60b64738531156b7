"""Writes down what a tokenizer of the tokenizers library does with hostile strings."""

import hashlib
import json
import pathlib
import struct

from hostile import LONG

WITH_LONG = ("byte-level", "added-tokens", "metaspace", "unigram", "old-gpt2")
HERE = pathlib.Path(__file__).parent


def compact(value) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def record(name: str, tokenizer, texts: list[str], with_offsets: bool = True) -> None:
    """expected.jsonl has each text; long.jsonl has texts that are too long to write, and so counts and hashes."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    lines = []
    for text in texts:
        plain = tokenizer.encode(text, add_special_tokens=False)
        lines.append(compact({
            "text": text,
            "ids": plain.ids,
            "offsets": [offset for pair in plain.offsets for offset in pair] if with_offsets else [],
            "templated": tokenizer.encode(text).ids,
        }))
    (folder / "expected.jsonl").write_text("\n".join(lines) + "\n")
    if name not in WITH_LONG:
        return
    lines = []
    for unit, count in LONG:
        ids = tokenizer.encode(unit * count).ids
        digest = hashlib.sha256(struct.pack(f">{len(ids)}i", *ids)).hexdigest()
        lines.append(compact({"unit": unit, "count": count, "length": len(ids), "sha256": digest}))
    (folder / "long.jsonl").write_text("\n".join(lines) + "\n")


def save(name: str, tokenizer) -> None:
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(compact(json.loads(tokenizer.to_str())) + "\n")
