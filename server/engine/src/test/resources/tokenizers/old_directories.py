"""Writes directories as they were before tokenizer.json, and what transformers makes of them.

    python old_directories.py        (transformers 5.23.0, tokenizers 0.23.3)
"""

import json

from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import AutoTokenizer

from hostile import ADDED, CORPUS, strings
from record import HERE, compact, record

CLEAN = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": True}
WHITE_SPACE = {" " * count: 400 + count for count in range(2, 6)}


def token(content: str, **flags) -> dict:
    return {"__type": "AddedToken", "content": content, **CLEAN, **flags}


def piece(content: str, **flags) -> dict:
    return {"content": content, **CLEAN, **flags}


DIRECTORIES = {
    # Nothing but the two files, and their version line.
    "old-gpt2": ({}, ["<|endoftext|>"]),
    # A begin token by its settings, special tokens at the front.
    "old-opt": ({
        "tokenizer_config.json": {
            "tokenizer_class": "GPT2Tokenizer", "add_bos_token": True, "add_prefix_space": False, "errors": "replace",
            "bos_token": token("</s>"), "eos_token": token("</s>"), "unk_token": token("</s>"), "pad_token": token("<pad>")},
        "special_tokens_map.json": {
            "bos_token": piece("</s>"), "eos_token": piece("</s>"), "unk_token": piece("</s>"), "pad_token": piece("<pad>")},
    }, ["<s>", "<pad>", "</s>", "<unk>"]),
    # Tokens that are added behind the vocabulary, one of which is special.
    "old-codegen": ({
        "tokenizer_config.json": {
            "tokenizer_class": "CodeGenTokenizer", "add_prefix_space": False, "bos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"},
        "special_tokens_map.json": {"eos_token": "<|endoftext|>", "additional_special_tokens": ["<|extratoken_1|>"]},
        "added_tokens.json": {"<|extratoken_1|>": 450, **WHITE_SPACE},
    }, ["<|endoftext|>"]),
    # A space in front of each text; both ends marked; tokens by id with flags.
    "old-gpt2-spaced": ({
        "tokenizer_config.json": {
            "tokenizer_class": "GPT2TokenizerFast", "add_prefix_space": True, "add_bos_token": True, "add_eos_token": True,
            "bos_token": "<left>", "eos_token": "<both>", "unk_token": None,
            "added_tokens_decoder": {
                "402": {**piece("<both>", lstrip=True, rstrip=True, normalized=False), "special": True},
                "401": {**piece("<right>", rstrip=True, normalized=False), "special": False},
                "400": {**piece("<left>", lstrip=True, normalized=False), "special": True},
                "403": {**piece("word", single_word=True), "special": False}},
            "extra_special_tokens": ["<pad>"]},
        "special_tokens_map.json": {"bos_token": "ignored beside tokens by id"},
    }, []),
    # Composed characters, its own words.
    "old-qwen2": ({
        "tokenizer_config.json": {"tokenizer_class": "Qwen2Tokenizer", "pad_token": "<pad>", "bos_token": None},
    }, []),
    "old-gpt-neox": ({
        "tokenizer_config.json": {"tokenizer_class": "GPTNeoXTokenizer", "add_eos_token": True},
    }, ["<|endoftext|>", "<|padding|>"]),
}


def train(first: list[str]) -> dict:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=380, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=first))
    return json.loads(tokenizer.to_str())["model"]


if __name__ == "__main__":
    for name, (files, first) in DIRECTORIES.items():
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        model = train(first)
        (folder / "vocab.json").write_text(compact(model["vocab"]) + "\n")
        (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in model["merges"]))
        for file, content in files.items():
            (folder / file).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        if name == "old-gpt2":
            (folder / "config.json").write_text('{"model_type": "gpt2"}\n')
        tokenizer = AutoTokenizer.from_pretrained(folder)
        print(name, type(tokenizer).__name__, len(tokenizer), tokenizer.special_tokens_map)
        record(name, tokenizer.backend_tokenizer, strings(ADDED), with_offsets=False)
