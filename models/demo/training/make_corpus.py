"""Writes the training corpus, the probes and the tokenizer. Everything follows from the seed."""

import argparse
import json
import random
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

import copying
import english
import facts
import sequences
import sums
import tables

MODEL = Path(__file__).resolve().parent.parent
SOURCES = [(facts, 54), (sums, 13), (sequences, 10), (copying, 16), (english, 7)]
LONG_SHARE = 0.008
"""Share of documents that join many others, so that every position of the context is trained."""


def document(rng):
    source = rng.choices([s for s, _ in SOURCES], [weight for _, weight in SOURCES])[0]
    return source.document(rng)


def long_document(rng):
    separator = rng.choice([" ", "\n", "\n\n"])
    return separator.join(document(rng) for _ in range(rng.randint(6, 24)))


def corpus(count, rng):
    for _ in range(count):
        text = long_document(rng) if rng.random() < LONG_SHARE else document(rng)
        if text:
            yield text


def tokenizer_texts(rng):
    """Everything but made-up words, which would spend merges on syllables that mean nothing."""
    sources = [(source, weight) for source, weight in SOURCES if source is not copying]
    for source in rng.choices([s for s, _ in sources], [w for _, w in sources], k=60_000):
        yield source.document(rng) or ""
    terms = [*tables.SPEAKERS, *tables.USERS, *map(str, range(151)), *english.LEXICON["words"]]
    terms += [row[column] for row in tables.COUNTRIES for column in ("name", "capital", "adjective")]
    for term in terms:
        yield from [f" {term}"] * 80


def train_tokenizer(texts, size):
    """Byte-level BPE: any text has an encoding, and nearly every one-word answer is one token."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<|begin|>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    ))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|begin|> $A", pair="<|begin|> $A $B", special_tokens=[("<|begin|>", 0)])
    return tokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=600_000)
    parser.add_argument("--vocabulary", type=int, default=3072)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--work", type=Path, default=Path("build"), help="where corpus and probes go")
    parser.add_argument("--model", type=Path, default=MODEL, help="where tokenizer.json goes")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)

    texts = list(corpus(arguments.documents, random.Random(arguments.seed)))
    with open(arguments.work / "corpus.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)

    found = [probe for source in (facts, sums, sequences, copying)
             for probe in source.probes(random.Random(arguments.seed + 1))]
    with open(arguments.work / "probes.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(probe._asdict(), ensure_ascii=False) + "\n" for probe in found)

    tokenizer = train_tokenizer(tokenizer_texts(random.Random(arguments.seed + 2)), arguments.vocabulary)
    tokenizer.save(str(arguments.model / "tokenizer.json"))
    print(f"{len(texts)} documents, {len(found)} probes, {tokenizer.get_vocab_size()} tokens")


if __name__ == "__main__":
    main()
