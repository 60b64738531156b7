"""Writes the tokenizers and what the tokenizers library computes with them for hostile strings.

    python generate.py        (tokenizers 0.23.3; other versions may order the trained vocabularies differently,
                              and a unigram training differs in its last digits from run to run)
"""

import json

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from hostile import ADDED, CORPUS, strings
from record import record, save


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


def metaspace_first() -> Tokenizer:
    """As later llama 2 and mistral files: the mark only before the first word, bytes by pieces, begin and end around the text."""
    tokenizer = Tokenizer.from_str(metaspace().to_str())
    tokenizer.normalizer = None
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair=None, special_tokens=[("<s>", 1), ("</s>", 2)])
    return tokenizer


def metaspace_unprefixed() -> Tokenizer:
    """As gemma: spaces become marks and nothing is put in front."""
    tokenizer = Tokenizer.from_str(metaspace().to_str())
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    return tokenizer


def unigram_bytes() -> Tokenizer:
    """Unigram that falls back to bytes, with accents and letter case folded."""
    trained = Tokenizer(models.Unigram())
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    trained.train_from_iterator(
        [text.lower() for text in CORPUS[:4]], trainers.UnigramTrainer(vocab_size=150, unk_token="<unk>", special_tokens=["<unk>"]))
    pieces = json.loads(trained.to_str())["model"]["vocab"]
    tokenizer = Tokenizer(models.Unigram(
        [tuple(piece) for piece in pieces] + [(f"<0x{byte:02X}>", -20.0) for byte in range(256)], 0, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    return tokenizer


def added_tokens() -> Tokenizer:
    """Every kind of added token, over words that are lower-cased and digits that stand alone."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=True)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        CORPUS, trainers.BpeTrainer(vocab_size=350, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_special_tokens(special("<|endoftext|>", "<pad>"))
    tokenizer.add_tokens([
        AddedToken("<left>", lstrip=True, normalized=False), AddedToken("<right>", rstrip=True, normalized=False),
        AddedToken("<both>", lstrip=True, rstrip=True, normalized=False), AddedToken("word", single_word=True, normalized=False),
        AddedToken("<lower>", normalized=True), AddedToken("café", normalized=False)])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    return tokenizer


def save_and_record(name: str, tokenizer: Tokenizer, texts: list[str]) -> None:
    save(name, tokenizer)
    record(name, tokenizer, texts)


if __name__ == "__main__":
    for kind in (byte_level, byte_level_composed, metaspace, metaspace_first, metaspace_unprefixed, unigram, unigram_bytes):
        save_and_record(kind.__name__.replace("_", "-"), kind(), strings())
    save_and_record("added-tokens", added_tokens(), strings(ADDED))
