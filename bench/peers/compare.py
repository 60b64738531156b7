"""Runs the installed tools in turns on the same prompts: do they agree, how long do they take, what memory do they need?

usage: environments/base/bin/python compare.py --model DIR [--dtype float32] [--tokens 5,64] [--repetitions 5]

In float32 the exit status is 1 if a tool fails, or if its top-1 differs from that of naive-transformers in more than 1
cell of 200.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tokenizers import Tokenizer

RUN = Path(__file__).resolve().parent / "run"
REFERENCE = "naive-transformers"
ALLOWED_TO_DIFFER = 1 / 200
PROSE = (
    "The river was low that year, and the ferry stood on the sand. Anna counted the steps from the house to the water: "
    "one, two, three, four. In winter the road over the hill is closed, so the letters come by boat. Who would have "
    "thought that the old bridge would outlast the new one? "
)


class Peer:
    """One tool's process."""

    def __init__(self, name: str, arguments: list[str]) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [RUN, name, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.start = self.read()

    def read(self) -> dict:
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": f"{self.name} ended without an answer"}

    def ask(self, **request) -> dict:
        try:
            print(json.dumps(request), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            return {"error": f"{self.name} has ended"}
        return self.read()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


@dataclass
class Runs:
    """What one tool answered at one length."""

    loaded_bytes: int
    seconds: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)
    result_bytes: int = 0
    top1: list[list[int]] = field(default_factory=list)
    error: str | None = None

    def add(self, answer: dict) -> None:
        self.error = answer.get("error")
        if self.error is None:
            self.seconds.append(answer["seconds"])
            self.peaks.append(answer["peak_anonymous_bytes"])
            self.result_bytes = answer["result_bytes"]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--tokens", default="5,64", help="lengths of the prompts")
    parser.add_argument("--repetitions", default=5, type=int, help="measured runs of each tool, after one to warm up")
    parser.add_argument("--threads", default=len(os.sched_getaffinity(0)), type=int)
    parser.add_argument("--top-k", default=5, type=int)
    parser.add_argument("--tools", help="names separated by commas (default: all that are installed)")
    return parser.parse_args()


def prompt(tokenizer: Tokenizer, tokens: int) -> dict:
    """A text of exactly so many tokens: prose is cut until its text tokenizes to the same ids again."""
    prose = PROSE * (1 + tokens // 20)
    for skipped in range(len(PROSE)):
        ids = tokenizer.encode(prose[skipped:]).ids[:tokens]
        text = tokenizer.decode(ids)
        if len(ids) == tokens and tokenizer.encode(text).ids == ids:
            return {"text": text, "token_ids": ids}
    raise SystemExit(f"compare.py: found no text of {tokens} tokens in this tokenizer")


def start(options: argparse.Namespace) -> list[Peer]:
    lines = subprocess.run([RUN, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    tools = [json.loads(line) for line in lines]
    wanted = options.tools.split(",") if options.tools else [tool["tool"] for tool in tools]
    arguments = ["--model", str(options.model), "--dtype", options.dtype, "--threads", str(options.threads)]
    peers = []
    for tool in tools:
        if tool["tool"] not in wanted:
            continue
        peer = Peer(tool["tool"], arguments)
        if peer.start.get("ready"):
            peers.append(peer)
            print(f"{peer.name} {peer.start['version']}: ready after {peer.start['load_seconds']:.1f} s")
        else:
            print(f"{peer.name}: {peer.start['error']}")
            peer.close()
    return peers


def measure(peers: list[Peer], request: dict, repetitions: int) -> dict[str, Runs]:
    runs = {peer.name: Runs(peer.start["loaded_anonymous_bytes"]) for peer in peers}
    for peer in peers:
        warm_up = peer.ask(**request, verify=True)
        runs[peer.name].error = warm_up.get("error")
        runs[peer.name].top1 = warm_up.get("top1", [])
    for _ in range(repetitions):
        for peer in peers:
            if runs[peer.name].error is None:
                runs[peer.name].add(peer.ask(**request))
    return runs


def agreement(top1: list[list[int]], reference: list[list[int]]) -> float:
    """The share of cells, layers x positions, with the same top-1."""
    if [len(layer) for layer in top1] != [len(layer) for layer in reference]:
        return 0.0
    same = [a == b for ours, theirs in zip(top1, reference) for a, b in zip(ours, theirs)]
    return sum(same) / len(same)


def report(tokens: int, runs: dict[str, Runs]) -> list[float]:
    """Prints the table of one length. Returns each tool's agreement with the reference."""
    reference = runs[REFERENCE].top1 if REFERENCE in runs else next(iter(runs.values())).top1
    print(f"\n{tokens} tokens{'':<15} median s    min s   memory MiB  result KiB  same top-1")
    shares = []
    for name, run in runs.items():
        if run.error:
            print(f"{name:<24} {run.error}")
            shares.append(0.0)
            continue
        shares.append(agreement(run.top1, reference))
        median, least = statistics.median(run.seconds), min(run.seconds)
        grown, result = (max(run.peaks) - run.loaded_bytes) / 2**20, run.result_bytes / 2**10
        print(f"{name:<24} {median:8.4f} {least:8.4f} {grown:12.1f} {result:11.1f} {shares[-1]:10.2%}")
    return shares


def main() -> None:
    options = parse()
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    peers = start(options)
    if not peers:
        sys.exit("compare.py: no tool is installed; run setup.sh")
    shares = []
    for tokens in map(int, options.tokens.split(",")):
        request = prompt(tokenizer, tokens) | {"top_k": options.top_k}
        shares += report(tokens, measure(peers, request, options.repetitions))
    for peer in peers:
        peer.close()
    if options.dtype == "float32" and min(shares) < 1 - ALLOWED_TO_DIFFER:
        sys.exit("compare.py: a tool failed, or disagrees with the others")


if __name__ == "__main__":
    main()
