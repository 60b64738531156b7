"""Accuracy per task, and the block at which answers crystallize, as two Markdown tables."""

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

import torch
from transformers import AutoTokenizer, LlamaForCausalLM

from probes import Probe

MODEL = Path(__file__).resolve().parent.parent


def choose(probes, most, seed):
    """At most so many probes of each task and split, drawn at random."""
    groups = defaultdict(list)
    for probe in probes:
        groups[probe.task, probe.split].append(probe)
    rng = random.Random(seed)
    return [probe for group in groups.values() for probe in rng.sample(group, min(most, len(group)))]


def encode(probe, tokenizer):
    prompt = tokenizer(probe.prompt)["input_ids"]
    return prompt, tokenizer(probe.answer, add_special_tokens=False)["input_ids"]


@torch.no_grad()
def measure(model, encoded):
    """For each (prompt, answer): tokens right in order, and the lens top-1 of each block before the answer."""
    rows = [prompt + answer for prompt, answer in encoded]
    ids = torch.zeros((len(rows), max(map(len, rows))), dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, :len(row)] = torch.tensor(row)
    blocks = []
    hooks = [block.register_forward_hook(lambda _, __, out: blocks.append(out)) for block in model.model.layers]
    predicted = model(input_ids=ids, use_cache=False).logits.argmax(-1)
    for hook in hooks:
        hook.remove()
    ends = torch.tensor([len(prompt) - 1 for prompt, _ in encoded])
    each = torch.arange(len(rows))
    lens = [model.lm_head(model.model.norm(block[each, ends])).argmax(-1) for block in blocks]
    lens = torch.stack(lens, 1)
    for i, (prompt, answer) in enumerate(encoded):
        got = predicted[i, len(prompt) - 1:len(prompt) - 1 + len(answer)].tolist()
        yield got[0] == answer[0], got == answer, crystallization(lens[i].tolist())


def crystallization(top):
    """The first block from which the lens's top-1 is the final one and stays so."""
    block = len(top) - 1
    while block and top[block - 1] == top[-1]:
        block -= 1
    return block


def median(values):
    values = sorted(values)
    return values[len(values) // 2]


def table(head, rows):
    print("| " + " | ".join(map(str, head)) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build"), help="where probes.jsonl lies")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--most", type=int, default=500, help="probes of each task and split")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    model = LlamaForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    with open(arguments.work / "probes.jsonl", encoding="utf-8") as file:
        probes = choose([Probe(**json.loads(line)) for line in file], arguments.most, arguments.seed)
    pairs = sorted(((probe, encode(probe, tokenizer)) for probe in probes), key=lambda pair: len(pair[1][0]))

    results = defaultdict(list)
    for start in range(0, len(pairs), 64):
        part = pairs[start:start + 64]
        for (probe, _), result in zip(part, measure(model, [encoded for _, encoded in part])):
            results[probe.task, probe.split].append(result)

    order = list(dict.fromkeys((probe.task, probe.split) for probe in probes))
    table(["task", "split", "probes", "first token", "whole answer"], [
        (task, split, len(results[task, split]),
         *(f"{sum(r[i] for r in results[task, split]) / len(results[task, split]):.1%}" for i in (0, 1)))
        for task, split in order])

    layers = len(model.model.layers)
    depths = defaultdict(list)
    for (task, _), found in results.items():
        depths[task] += [block for right, _, block in found if right]
    table(["task", "right", *range(layers), "median"], [
        (task, len(blocks), *(f"{blocks.count(block) / len(blocks):.0%}" for block in range(layers)), median(blocks))
        for task, blocks in ((task, depths[task]) for task in dict.fromkeys(task for task, _ in order)) if blocks])


if __name__ == "__main__":
    main()
