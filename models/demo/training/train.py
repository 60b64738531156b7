"""Trains the demo model on the corpus that make_corpus.py wrote."""

import argparse
import json
import random
import time
from itertools import islice
from pathlib import Path

import numpy
import torch
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

from muon import Muon

MODEL = Path(__file__).resolve().parent.parent
BEGIN, END = 0, 1
IGNORED = -100


def architecture(vocabulary):
    return LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=192,
        intermediate_size=512,
        num_hidden_layers=10,
        num_attention_heads=6,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=512,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        bos_token_id=BEGIN,
        eos_token_id=END,
    )


def encode(path, tokenizer, longest):
    """Each document on its own: begin, text, end. Position 0 is always the begin token."""
    with open(path, encoding="utf-8") as file:
        texts = (json.loads(line) for line in file)
        encoded = (e for part in batched(texts, 10_000) for e in tokenizer.encode_batch_fast(part))
        return [numpy.array((e.ids + [END])[:longest], dtype=numpy.uint16) for e in encoded]


def batched(items, size):
    """As itertools.batched of Python 3.12, in lists."""
    items = iter(items)
    while part := list(islice(items, size)):
        yield part


def batches(documents, tokens, rng):
    """Documents of like length share a batch, so little is padding; the order of batches is random."""
    while True:
        order = sorted(range(len(documents)), key=lambda i: (len(documents[i]), rng.random()))
        groups, group, longest = [], [], 0
        for i in order:
            longest = max(longest, len(documents[i]))
            if longest * (len(group) + 1) > tokens:
                groups.append(group)
                group, longest = [], len(documents[i])
            group.append(i)
        rng.shuffle(groups)
        for group in groups:
            yield pad([documents[i] for i in group])


def pad(rows):
    ids = torch.full((len(rows), max(map(len, rows))), END)
    labels = torch.full_like(ids, IGNORED)
    for row, document in enumerate(rows):
        tokens = torch.from_numpy(document.astype(numpy.int64))
        ids[row, :len(tokens)] = tokens
        labels[row, :len(tokens)] = tokens
    return ids, labels


def optimizers_for(model, rate, matrix_rate):
    """Muon for the blocks' matrices, Adam for the embedding and the norms' gains."""
    matrices = [p for p in model.model.layers.parameters() if p.ndim == 2]
    chosen = set(matrices)
    others = [p for p in model.parameters() if p not in chosen]
    return [
        Muon(matrices, lr=matrix_rate),
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True),
    ]


def schedule(step, steps, warmup=100, decay=0.4):
    """Factor of the learning rate: warm-up, constant, and a straight line to 0 over the last part."""
    return min((step + 1) / warmup, 1.0, (steps - step) / (decay * steps))


def loss_of(model, ids, labels):
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state
        wanted = labels[:, 1:] != IGNORED
        logits = model.lm_head(hidden[:, :-1][wanted])
    return torch.nn.functional.cross_entropy(logits.float(), labels[:, 1:][wanted])


def save(model, directory):
    """The weights as bfloat16; training itself keeps them in float32."""
    copy = LlamaForCausalLM(model.config)
    copy.load_state_dict(model.state_dict())
    copy.to(torch.bfloat16).save_pretrained(directory)
    (Path(directory) / "generation_config.json").unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2800)
    parser.add_argument("--tokens", type=int, default=4096, help="tokens in a batch, padding included")
    parser.add_argument("--rate", type=float, default=3e-3, help="peak learning rate of Adam")
    parser.add_argument("--matrix-rate", type=float, default=0.02, help="peak learning rate of Muon")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path("build"), help="where the corpus lies and checkpoints go")
    parser.add_argument("--model", type=Path, default=MODEL, help="has tokenizer.json; gets config and weights")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    config = architecture(tokenizer.get_vocab_size())
    model = LlamaForCausalLM(config)
    documents = encode(arguments.work / "corpus.jsonl", tokenizer, config.max_position_embeddings)
    print(f"{len(documents)} documents, {sum(map(len, documents))} tokens, "
          f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)

    optimizers = optimizers_for(model, arguments.rate, arguments.matrix_rate)
    schedules = [torch.optim.lr_scheduler.LambdaLR(o, lambda step: schedule(step, arguments.steps)) for o in optimizers]
    feed = batches(documents, arguments.tokens, random.Random(arguments.seed))
    started, recent = time.monotonic(), []
    model.train()
    for step in range(arguments.steps):
        loss = loss_of(model, *next(feed))
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for stepper in (*optimizers, *schedules):
            stepper.step()
        recent.append(loss.item())
        if (step + 1) % 100 == 0:
            print(f"step {step + 1} loss {sum(recent) / len(recent):.4f} {time.monotonic() - started:.0f} s", flush=True)
            recent.clear()
        if (step + 1) % 1000 == 0:
            save(model, arguments.work / "checkpoint")
    save(model, arguments.model)


if __name__ == "__main__":
    main()
