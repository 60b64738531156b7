"""Holds one tool with one model in memory and runs it once for each line on standard input. See README.md."""

import argparse
import gc
import importlib
import importlib.metadata
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

STARTED = time.perf_counter()

# The OpenMP threads of a finished call spin for a few milliseconds before they sleep. An answer waits for that, so that
# nobody who is measured next shares the cores with them.
SETTLE_SECONDS = 0.02

# What a process may keep beyond the loaded model while others have their turn: one tool's heap would stay at 12 GB after
# a prompt of 1,024 tokens. Below this nothing is given back, since the tool has to touch it again in its next turn.
MAY_KEEP_BYTES = 4 << 30

from memory import PeakAnonymousMemory, anonymous_bytes, give_back_above
from protocol import Answers, Request, requests
from tools import TOOLS

if TYPE_CHECKING:
    from tools.lens import Lens


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("--model", required=True, type=Path, help="directory with config.json, weights and tokenizer")
    parser.add_argument("--dtype", required=True, choices=["float32", "bfloat16"])
    parser.add_argument("--threads", required=True, type=int)
    return parser.parse_args()


def set_environment(threads: int) -> None:
    """What the libraries read when they are loaded: so before any of them is."""
    # A passive wait policy slows short prompts by a fifth, an active one never sleeps: so OpenMP's own default holds.
    for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"):
        os.environ.pop(name, None)
    os.environ.update(
        OMP_NUM_THREADS=str(threads),
        MKL_NUM_THREADS=str(threads),
        CUDA_VISIBLE_DEVICES="",
        HF_HUB_OFFLINE="1",
        HF_HUB_DISABLE_PROGRESS_BARS="1",
        TOKENIZERS_PARALLELISM="false",
        WANDB_MODE="disabled",
    )


def version_of(name: str) -> str:
    """The package's version, and the commit where setup.sh installed one."""
    version = importlib.metadata.version(TOOLS[name].distribution)
    revision = Path(__file__).parent / "environments" / TOOLS[name].environment / "revision"
    return f"{version} at {revision.read_text().strip()[:7]}" if revision.exists() else version


def load(arguments: argparse.Namespace) -> "Lens":
    if not (arguments.model / "config.json").is_file():
        raise FileNotFoundError(f"no config.json in {arguments.model}: --model takes a checkpoint's local directory")

    import torch

    torch.set_num_threads(arguments.threads)
    module = importlib.import_module(TOOLS[arguments.tool].module)
    return module.Tool(arguments.model, getattr(torch, arguments.dtype))


def run(lens: "Lens", request: Request) -> dict:
    """Runs the lens once. Reading the result and clearing up after it are outside the measured time."""
    from tools.lens import Prompt

    prepared = lens.prepare(Prompt(request.text, request.token_ids))
    memory = PeakAnonymousMemory()
    before = anonymous_bytes()
    memory.start()
    start = time.perf_counter()
    result = lens.analyze(prepared, request.top_k)
    seconds = time.perf_counter() - start
    peak = memory.read()
    outcome = lens.outcome(result)
    answer = {
        "seconds": seconds,
        "anonymous_bytes_before": before,
        "peak_anonymous_bytes": peak,
        "result_bytes": outcome.result_bytes,
    }
    if request.verify:
        answer["top1"] = outcome.top_ids[..., 0].tolist()
    return answer


def main() -> None:
    arguments = parse()
    answers = Answers()
    set_environment(arguments.threads)
    try:
        lens = load(arguments)
        version = version_of(arguments.tool)
    except Exception as failure:
        traceback.print_exc()
        answers.send(ready=False, tool=arguments.tool, error=describe(failure))
        sys.exit(1)
    loaded = anonymous_bytes()
    answers.send(
        ready=True,
        tool=arguments.tool,
        version=version,
        load_seconds=time.perf_counter() - STARTED,
        loaded_anonymous_bytes=loaded,
    )
    for line in requests():
        try:
            answer = run(lens, Request.of(line))
        except Exception as failure:
            traceback.print_exc()
            answer = {"error": describe(failure)}
        gc.collect()
        give_back_above(loaded + MAY_KEEP_BYTES)
        time.sleep(SETTLE_SECONDS)
        answers.send(**answer)


def describe(failure: Exception) -> str:
    return f"{type(failure).__name__}: {failure}"


if __name__ == "__main__":
    main()
