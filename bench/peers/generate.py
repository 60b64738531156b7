"""Tokens a second of transformers' greedy generate with its cache, to compare with bench/run --only generate. See README.md."""

import argparse
import os
import statistics
import time
from pathlib import Path


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path, help="directory with config.json and weights")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--prompt", type=int, default=16, help="tokens of the prompt")
    parser.add_argument("--tokens", type=int, default=32, help="tokens to generate")
    parser.add_argument("--repetitions", type=int, default=5)
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    os.environ.update(OMP_NUM_THREADS=str(arguments.threads), CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1")

    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(arguments.threads)
    model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=getattr(torch, arguments.dtype)).eval()
    ids = torch.arange(10, 10 + arguments.prompt).unsqueeze(0)

    def seconds(count: int) -> float:
        start = time.perf_counter()
        with torch.no_grad():
            out = model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, min_new_tokens=count,
                                 max_new_tokens=count, pad_token_id=0)
        assert out.shape[1] == arguments.prompt + count
        return time.perf_counter() - start

    seconds(2)
    # The first token comes from the prompt's pass, which is not counted.
    rates = [arguments.tokens / (seconds(arguments.tokens + 1) - seconds(1)) for _ in range(arguments.repetitions)]
    print(f"{statistics.median(rates):.1f} tokens/s, the fastest of {len(rates)}: {max(rates):.1f}")


if __name__ == "__main__":
    main()
