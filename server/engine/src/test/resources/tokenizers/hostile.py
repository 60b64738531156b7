"""Strings that tokenizers stumble over."""

import random

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
ADDED = [
    "<|endoftext|>", " <|endoftext|>", "<|endoftext|> ", "<|endoftext|><|endoftext|>", "<|endoftext", "<pad>", " <pad> ",
    "<left>", "  <left> x", "x <left>", "<right>", "x<right>  y", " <right>\n\ny", "<both>", "a  <both>  b", "\t<both>\n",
    "word", "words", "a word here", "sword", "word-word", "wörd word", "WORD", "<WORD>", "<Lower>", "<lower>", "CAFÉ", "<|extratoken_1|>",
]
# A unit that is repeated, and how often: 100,000 characters in all.
LONG = [("a", 100_000), (" ", 100_000), ("東京", 50_000), ("the capital of ", 6_667), ("🙂", 50_000), ("\n", 100_000), ("9", 100_000),
        ("e\u0301", 50_000), ("<|endoftext|>", 7_693)]


def strings(more: list[str] = ()) -> list[str]:
    shuffle = random.Random(11)
    words = WORDS + list(more)
    mixed = ["".join(shuffle.choices(words, k=shuffle.randint(2, 7))) for _ in range(150)]
    spaced = [" ".join(shuffle.choices(words, k=shuffle.randint(2, 7))) for _ in range(60)]
    plain = ["".join(chr(shuffle.choice((shuffle.randint(1, 0x7f), shuffle.randint(0x80, 0xd7ff), shuffle.randint(0x10000, 0x10ffff))))
                     for _ in range(shuffle.randint(1, 12))) for _ in range(60)]
    long = ["a" * 3000, " " * 1000, "東京" * 500, "the capital of " * 200, "🙂" * 300, "\n" * 500]
    return list(dict.fromkeys(words + CORPUS + mixed + spaced + plain + long))
