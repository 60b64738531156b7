"""Ids by the pre-tokenizers of the original tokenizer files, or by those of llama.cpp, under the names that GGUF has for them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tokenizers import Tokenizer

from formats.gguf_tokenizers import TOKENIZERS, strings

DIGITS = {"type": "Digits", "individual_digits": True}
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CJK = "[一-龥぀-ゟ゠-ヿ]+"
DEEPSEEK = (r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"""
            r"|\s*[\r\n]+|\s+(?!\S)|\s+")
ENDINGS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
QWEN2 = ENDINGS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
GPT4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + ENDINGS + "?"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + ENDINGS + "?"
         r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")

ORIGINALS: dict[str, list[str | dict]] = {
    "chatglm-bpe": [QWEN2.replace(r"|\p{N}|", r"|\p{N}{1,3}|")],
    "exaone4": [GPT2],
    "starcoder": [DIGITS, GPT2],
    "hunyuan": [QWEN2],
    "qwen35": [ENDINGS + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "laguna": [r"[^\n]+|[\n]+", QWEN2],
    "minicpm5": [r"\p{N}{1,3}", QWEN2.replace(r"|\p{N}|", r"|\p{N}+|")],
    "seed-coder": [ENDINGS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "bailingmoe": [r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"],
    "exaone-moe": [ENDINGS + r"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]"
                             r"|\s+(?!\S)|\s+"],
    "jais-2": [ENDINGS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)"
                         r"|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}"],
    "minimax-m2": [GPT4O],
    "cohere2moe": [r"\d{1,3}(?=(?:\d{3})*\b)", GPT4O],
    "kimi-k2": [r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
                + ENDINGS + r"?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
                + ENDINGS + r"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "deepseek-v3": [r"\p{N}{1,3}", CJK, DEEPSEEK],
    "deepseek-llm": [r"[\r\n]", r"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+",
                     r"\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", "[一-龥ࠀ-一가-퟿]+", DIGITS],
    "deepseek-coder": [r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+", r"\p{N}"],
    "viking": [" ?[^(\\s|.,!?…。，、।۔،)]+", r"\p{N}"],
}
LLAMA = {
    "default": [r"[\p{P}\$\+<=>\^~\|]+", r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)", r"\p{N}+",
                "[0-9][0-9][0-9]"],
    "afmoe": [r"\p{AFMoE_digits}", "[一-鿿㐀-䶿豈-\ufaff\u3040-ゟ゠-ヿ･-ﾟ⼀-\u2fdfเ-\u0e7f\u0e80-\u0effក-\u17ffက-႟ꩠ-ꩿꧠ-\ua9ff가-\ud7afᄀ-ᇿ]+", DEEPSEEK],
    "youtu": ["[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|" + CJK,
              GPT4O.replace("{1,3}", "").replace(ENDINGS, "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])")],
    "superbpe": [r"\p{N}+", r"(?=(\d{3})+(?!\d))"],
}
"""llama.cpp's, for originals that only it has."""
PUBLISHED = {
    "gpt-2": [GPT2],
    "llama-bpe": ORIGINALS["chatglm-bpe"],
    "qwen2": [QWEN2],
    "tekken": [GPT4O.replace(ENDINGS + "?", "").replace("{1,3}", "")],
    "gpt-4o": [GPT4O],
}
"""Those of the files with whole tokenizers."""
TEXTS = ["It's 1234567 o'clock, WE'LL see iPhone's ABCdef", "a\n\n b\r\n\tc  d   \n", "東京タワー 12,345.67円 한국어", "x/y//z !!\n/ (a_b) [c]",
         "e\u0301 n\u0303o कि है", " " * 9 + "a" + " " * 5, "don't DON'T l'été 3rd 2024-01-02"]


def pre_tokenizer(parts: list[str | dict]) -> dict:
    split = [part if isinstance(part, dict) else
             {"type": "Split", "pattern": {"Regex": part}, "behavior": "Isolated", "invert": False} for part in parts]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    return {"type": "Sequence", "pretokenizers": [*split, level]}


def tokenizer(parts: list[str | dict]) -> Tokenizer:
    original = json.loads((TOKENIZERS / "byte-level" / "tokenizer.json").read_text(encoding="utf-8"))
    reference = Tokenizer.from_str(json.dumps(original | {"pre_tokenizer": pre_tokenizer(parts), "added_tokens": [],
                                                          "normalizer": None, "post_processor": None}))
    reference.no_padding()
    reference.no_truncation()
    return reference


def split_by_llama(program: Path, name: str, text: str) -> list[str]:
    if not text:
        return []
    lines = subprocess.run([program, *LLAMA[name]], input=text.encode(), capture_output=True, check=True).stdout.split()
    return [bytes.fromhex(line.decode()).decode() for line in lines]


def write(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, parts in ORIGINALS.items():
        reference = tokenizer(parts)
        record(directory / f"{name}.jsonl", lambda text: reference.encode(text).ids)


def write_llama(directory: Path, program: Path) -> None:
    """Needs the program that llama_split.cpp is compiled to."""
    merging = tokenizer([])
    for name in LLAMA:
        record(directory / f"{name}.jsonl",
               lambda text: [token for piece in split_by_llama(program, name, text) for token in merging.encode(piece).ids])


def record(file: Path, ids: Callable[[str], list[int]]) -> None:
    texts = [*TEXTS, *[text for text in strings()[:260:4] if len(text) < 100]]
    lines = [json.dumps({"text": text, "ids": ids(text)}, separators=(",", ":")) for text in texts]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_llama(Path(sys.argv[1]), Path(sys.argv[2]))
