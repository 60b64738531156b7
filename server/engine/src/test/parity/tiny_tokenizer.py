"""A byte-level BPE tokenizer of about 280 tokens, written down rather than trained."""

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

END_OF_TEXT = "<|endoftext|>"
BEGIN_OF_TEXT = "<|begin_of_text|>"
MERGES = """
Ġ t|h e|Ġt he|Ġ a|Ġ i|i n|Ġi n|Ġi s|o f|Ġ of|c a|Ġ ca|f Ã|a n|Ġa n|n d|Ġan d|e r|o n|Ġ c|r e|i t|Ġ p|a l
""".strip().split("|")


def tiny_tokenizer(begins_with_bos: bool) -> Tokenizer:
    pieces = sorted(pre_tokenizers.ByteLevel.alphabet()) + [merge.replace(" ", "") for merge in MERGES]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[tuple(merge.split()) for merge in MERGES]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(END_OF_TEXT, special=True, normalized=False), AddedToken(BEGIN_OF_TEXT, special=True, normalized=False)])
    steps = [processors.ByteLevel(trim_offsets=False)]
    if begins_with_bos:
        steps.append(processors.TemplateProcessing(
            single=f"{BEGIN_OF_TEXT} $A", pair=None,
            special_tokens=[(BEGIN_OF_TEXT, tokenizer.token_to_id(BEGIN_OF_TEXT))]))
    tokenizer.post_processor = processors.Sequence(steps)
    return tokenizer


def tokenizer_config(begins_with_bos: bool) -> dict:
    return {
        "bos_token": BEGIN_OF_TEXT if begins_with_bos else END_OF_TEXT,
        "eos_token": END_OF_TEXT,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
