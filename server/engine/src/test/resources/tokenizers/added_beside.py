"""Writes what transformers makes of tokens that only the files beside a tokenizer.json name.

    python added_beside.py        (transformers 5.23.0, tokenizers 0.23.3)
"""

import json
import shutil
import tempfile
from pathlib import Path

from transformers import AutoTokenizer

from record import HERE, compact

TOKENIZER = HERE / "byte-level" / "tokenizer.json"
MODEL = json.loads(TOKENIZER.read_text(encoding="utf-8"))
NEXT = max([*MODEL["model"]["vocab"].values(), *(token["id"] for token in MODEL["added_tokens"])]) + 1
WORD = next(piece for piece, id in MODEL["model"]["vocab"].items() if len(piece) > 3 and piece.isalpha() and piece.isascii())
FIRST = MODEL["added_tokens"][0] if MODEL["added_tokens"] else {"id": 0, "content": "!"}


def config(**keys: object) -> dict:
    return {"tokenizer_class": "PreTrainedTokenizerFast", **keys}


def token(content: str, special: bool = True, **flags: bool) -> dict:
    return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False,
            "special": special, **flags}


DIRECTORIES = {
    "by id": {"tokenizer_config.json": config(added_tokens_decoder={
        str(NEXT): token("<|im_start|>"), str(NEXT + 1): token("<|im_end|>", False, lstrip=True)})},
    "listed": {"tokenizer_config.json": config(extra_special_tokens=["<|im_start|>", "<|im_end|>"])},
    "listed as before": {"tokenizer_config.json": config(additional_special_tokens=["<|im_start|>", "<|im_end|>"])},
    "named": {"tokenizer_config.json": config(extra_special_tokens={"start": "<|im_start|>", "end": "<|im_end|>"})},
    "in a role": {"tokenizer_config.json": config(eos_token="<|im_end|>", pad_token={"__type": "AddedToken", **token("<|im_start|>")})},
    "a piece": {"tokenizer_config.json": config(added_tokens_decoder={
        str(MODEL["model"]["vocab"][WORD]): token(WORD, lstrip=True, rstrip=True)})},
    "older files": {"tokenizer_config.json": config(), "added_tokens.json": {"<|im_start|>": NEXT, "<|im_end|>": NEXT + 1},
                    "special_tokens_map.json": {"eos_token": "<|im_end|>"}},
    "nothing new": {"tokenizer_config.json": config()},
}
TEXTS = ["x <|im_start|> y <|im_end|>\n", f"a {WORD} b{WORD}c", "<|im_end|><|im_end|> z"]


def main() -> None:
    cases = []
    for name, files in DIRECTORIES.items():
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(TOKENIZER, folder)
            for file, content in files.items():
                (Path(folder) / file).write_text(json.dumps(content), encoding="utf-8")
            tokenizer = AutoTokenizer.from_pretrained(folder)
            cases.append({"name": name, "files": files, "texts": [
                {"text": text, "ids": tokenizer(text, add_special_tokens=False)["input_ids"]} for text in TEXTS]})
    (HERE / "added-beside.json").write_text("[\n" + ",\n".join(map(compact, cases)) + "\n]\n")


if __name__ == "__main__":
    main()
