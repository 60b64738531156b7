"""Writes the tokenizers and what the tokenizers library computes with them for hostile strings.

    python generate.py        (tokenizers 0.23.3; other versions may order the trained vocabularies differently)
"""

import json
import pathlib
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
CORPUS = [
    "The capital of France is Paris, the capital of Japan is Tokyo and that of Italy is Rome.",
    "One, two, three, four and five are numbers; Monday, Tuesday and Wednesday are days.",
    "Le café était fermé, déjà; l'été à Genève, où naît la forêt.",
    "Übermut tut selten gut, schöne Grüße aus Köln.",
    "東京は日本の首都です。北京是中国的首都。",
    "Столица России — Москва. שלום עולם مرحبا بالعالم",
    "def f(x):\n    return x + 1\n\nfor i in range(10):\n\tprint(i, f(i))\n",
    "    four spaces,  two spaces, 123 456 789 3.14159 🙂 👍",
]
WORDS = [
    "", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", "\x00", "\x01", "\x7f", "\u00a0", "\u200b", "\u200d", "\ufeff", "\u2028",
    "a", "A", "the", " the", "Paris", " Paris", "capital", "é", "e\u0301", "ﬁ", "ß", "İ", "東京", "日本", "東", "𠮷", "한국어", "ก็",
    "🙂", "👍🏽", "👨‍👩‍👧", "🇫🇷", "שלום", "مرحبا", "\u202eabc\u202c", "n\u0303o", "Z\u0351\u036b\u0343", "Ω", "½", "①", "ｆｕｌｌ", "，",
    "\ufffd", "\U0010ffff", "\ue000", "▁", "▁▁", "Ġ", "Ċ", "<0x0A>", "<s>", "</s>", "<unk>", "<|begin|>", "<|end|>", " <|end|> ",
    "<|end", "0", "42", "3.14", "1,000", "x+1", "->", "...", "!?", "'s", "\\n", "\"", "{}", "http://a.b/c?d=e&f=%20", "a_b-c",
]


def strings() -> list[str]:
    shuffle = random.Random(11)
    mixed = ["".join(shuffle.choices(WORDS, k=shuffle.randint(2, 7))) for _ in range(150)]
    spaced = [" ".join(shuffle.choices(WORDS, k=shuffle.randint(2, 7))) for _ in range(60)]
    plain = ["".join(chr(shuffle.choice((shuffle.randint(1, 0x7f), shuffle.randint(0x80, 0xd7ff), shuffle.randint(0x10000, 0x10ffff))))
                     for _ in range(shuffle.randint(1, 12))) for _ in range(60)]
    long = ["a" * 3000, " " * 1000, "東京" * 500, "the capital of " * 200, "🙂" * 300, "\n" * 500]
    return list(dict.fromkeys(WORDS + CORPUS + mixed + spaced + plain + long))


def special(*names: str) -> list[AddedToken]:
    return [AddedToken(name, special=True, normalized=False) for name in names]


def byte_level() -> Tokenizer:
    """As llama 3: begins with a token, trims its offsets; the file asks for truncation and padding, which must not happen."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        CORPUS, trainers.BpeTrainer(vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_special_tokens(special("<|begin|>", "<|end|>"))
    tokenizer.add_tokens([AddedToken("    ", normalized=False)])
    begin = tokenizer.token_to_id("<|begin|>")
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.TemplateProcessing(single="<|begin|> $A", pair=None, special_tokens=[("<|begin|>", begin)])])
    tokenizer.enable_truncation(max_length=5)
    tokenizer.enable_padding(length=64)
    return tokenizer


def byte_level_composed() -> Tokenizer:
    """As qwen: composes characters first, splits by its own pattern."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        CORPUS, trainers.BpeTrainer(vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_special_tokens(special("<|end|>"))
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def metaspace() -> Tokenizer:
    """As llama 2: the mark is put in front and for each space, what is not in the vocabulary becomes bytes."""
    marks = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trained = Tokenizer(models.BPE())
    trained.normalizer = marks
    trained.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trained.train_from_iterator(CORPUS[:4], trainers.BpeTrainer(vocab_size=180))
    model = json.loads(trained.to_str())["model"]
    names = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)] + list(model["vocab"])
    tokenizer = Tokenizer(models.BPE(
        vocab={name: number for number, name in enumerate(names)}, merges=[tuple(merge) for merge in model["merges"]],
        unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = marks
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens(special("<unk>", "<s>", "</s>"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair=None, special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    return tokenizer


def unigram() -> Tokenizer:
    """As t5: compatibility forms are folded, unknown characters become one token, a token ends the text."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(
        CORPUS, trainers.UnigramTrainer(vocab_size=250, unk_token="<unk>", special_tokens=["<unk>", "</s>"]))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair=None, special_tokens=[("</s>", tokenizer.token_to_id("</s>"))])
    return tokenizer


def record(name: str, tokenizer: Tokenizer, texts: list[str]) -> None:
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(
        json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=True, separators=(",", ":")) + "\n")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    lines = []
    for text in texts:
        plain = tokenizer.encode(text, add_special_tokens=False)
        lines.append(json.dumps({
            "text": text,
            "ids": plain.ids,
            "offsets": [offset for pair in plain.offsets for offset in pair],
            "templated": tokenizer.encode(text).ids,
        }, separators=(",", ":")))
    (folder / "expected.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    for kind in (byte_level, byte_level_composed, metaspace, unigram):
        record(kind.__name__.replace("_", "-"), kind(), strings())
