#!/usr/bin/env python3
"""Checks and times the programs of Stratalens on a card, with PyTorch for Python alone.

  ./stratalens export-programs --output programs server/engine/src/test/resources/parity/{llama,gemma2,mamba2}
  python3 bench/gpu/check.py programs/*                      # numbers, launches and waits on cuda:0, and on cuda:0 with cpu
  python3 bench/gpu/check.py programs/* --shape 8b           # times as well
  python3 bench/gpu/check.py programs/* --device cpu --second cpu --shape tiny

Each folder holds the programs of a model, what they were given, every call in order, and the numbers that Java read. The
calls are made again on the devices, and what they give is compared. Any PyTorch from 2.7 on will do.
"""

import argparse
import json
import statistics
import sys
import time
import warnings
from pathlib import Path

import torch

# Relative to 1 + the size of a number. Recorded on a processor, whose products add up in another order.
TOLERANCE = {torch.float32: 2e-3, torch.bfloat16: 0.1}
# Best tokens that tie change places, and their numbers with them.
SHARE_ELSEWHERE = 0.005
# Which products run depends on which experts were chosen, so these calls read values.
MAY_WAIT = {"mixture"}

SHAPES = {
    "tiny": dict(hidden=256, heads=8, key_heads=2, head_size=32, inner=512, blocks=4, vocabulary=5000),
    "1b": dict(hidden=2048, heads=32, key_heads=8, head_size=64, inner=8192, blocks=16, vocabulary=128256),
    "8b": dict(hidden=4096, heads=32, key_heads=8, head_size=128, inner=14336, blocks=32, vocabulary=128256),
}
TOKENS = (5, 64, 512, 2048)
BEST = 5
GROUP_ROWS = 1024


class Recording:
    """A folder of `export-programs`."""

    def __init__(self, folder):
        self.folder = folder
        lines = json.loads((folder / "calls.json").read_text())
        self.programs, self.maps, self.calls = lines["programs"], lines["maps"], lines["calls"]
        self.given = dict(zip(lines["given"], torch.load(folder / "given.pt", weights_only=False)))
        self.read = torch.load(folder / "read.pt", weights_only=False)

    def stages(self):
        return sorted({program["device"] for program in self.programs})

    def program(self, number, device):
        loaded = torch.jit.load(str(self.folder / self.programs[number]["file"]), map_location=device)
        loaded.device = str(device)
        return loaded

    def compute_type(self):
        types = {tensor.dtype for tensor in self.given.values()}
        return torch.bfloat16 if torch.bfloat16 in types else torch.float32


class Replay:
    """The calls of a recording, on devices of one's choice."""

    def __init__(self, recording, devices):
        self.recording = recording
        place = {stage: devices[min(i, len(devices) - 1)] for i, stage in enumerate(recording.stages())}
        self.devices = [torch.device(place[program["device"]]) for program in recording.programs]
        self.programs = [recording.program(i, device) for i, device in enumerate(self.devices)]
        self.copies = {}

    def given(self, number, device):
        key = number, device
        if key not in self.copies:
            self.copies[key] = self.recording.given[number].to(device)
        return self.copies[key]

    def warm(self):
        """Brings to the devices what they are given, which a pass would find there."""
        self.run()
        return self

    def run(self, watch=None):
        made, read = {}, []

        def tensor(number, device):
            return made[number] if number in made else self.given(number, device)

        def value(argument, device):
            if "tensor" in argument:
                return tensor(argument["tensor"], device)
            if "tensors" in argument:
                return [tensor(number, device) for number in argument["tensors"]]
            if "map" in argument:
                slots = self.recording.maps[argument["map"]]
                return {name: tensor(number, device) for name, number in slots.items()}
            return argument["value"]

        for call in self.recording.calls:
            if "read" in call:
                read.append(made[call["read"]].cpu())
                continue
            device = self.devices[call["program"]]
            arguments = [value(argument, device) for argument in call["arguments"]]
            method = getattr(self.programs[call["program"]], call["method"])
            result = watch(call["method"], method, arguments) if watch else method(*arguments)
            if "result" in call:
                made[call["result"]] = result
            elif "results" in call:
                made.update(zip(call["results"], result))
        return read


def compare(recording, read):
    """Largest difference, and the share of numbers that differ."""
    worst, elsewhere, count = 0.0, 0, 0
    for expected, actual in zip(recording.read, read):
        if expected.shape != actual.shape:
            raise SystemExit(f"{recording.folder}: {list(actual.shape)} numbers instead of {list(expected.shape)}")
        both = torch.isfinite(expected) & torch.isfinite(actual)
        same = torch.where(both, (expected - actual).abs() / (1 + expected.abs()), torch.zeros_like(expected))
        alike = both | (expected == actual) | (expected.isnan() & actual.isnan())
        far = (same > TOLERANCE[recording.compute_type()]) | ~alike
        worst = max(worst, same[~far].max().item() if (~far).any() else 0.0)
        elsewhere += int(far.sum())
        count += expected.numel()
    return worst, elsewhere / max(1, count)


def waits(replay, device):
    """Methods that made the processor wait for the device, with how often; calls that only launch must not."""
    if device.type != "cuda":
        return {}
    found = {}

    def watch(name, method, arguments):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            torch.cuda.set_sync_debug_mode("warn")
            try:
                result = method(*arguments)
            finally:
                torch.cuda.set_sync_debug_mode("default")
        count = sum("synchroniz" in str(warning.message) for warning in caught)
        if count:
            found[name] = found.get(name, 0) + count
        return result

    replay.run(watch)
    return found


def launches(replay, device):
    """Launches of kernels in a pass; on a processor, operators."""
    from torch.profiler import ProfilerActivity, profile

    cuda = device.type == "cuda"
    activities = [ProfilerActivity.CPU] + ([ProfilerActivity.CUDA] if cuda else [])
    with profile(activities=activities) as profiler:
        replay.run()
    names = [event.name for event in profiler.events()]
    if cuda:
        return sum("LaunchKernel" in name for name in names), sum("Synchronize" in name for name in names)
    return sum(name.startswith("aten::") for name in names), 0


def check(folders, device, second):
    failed = False
    print(f"{'recording':<28}{'devices':<16}{'calls':>7}{'launches':>10}{'waits':>7}{'largest difference':>20}{'elsewhere':>11}")
    for folder in folders:
        recording = Recording(folder)
        plans = [[device]] + ([[device, second]] if second and len(recording.stages()) > 1 else [])
        for devices in plans:
            replay = Replay(recording, devices).warm()
            worst, elsewhere = compare(recording, replay.run())
            made, waited = launches(replay, torch.device(device))
            found = waits(replay, torch.device(device))
            calls = sum("method" in call for call in recording.calls)
            print(f"{folder.name:<28}{'+'.join(devices):<16}{calls:>7}{made:>10}{waited:>7}{worst:>20.1e}{elsewhere:>11.2%}")
            experts = any("router.weight" in slots for slots in recording.maps)
            # Copies to the processor and between devices wait by design; a mixture of experts waits once for its choice.
            blocks = sum(call.get("method", "").startswith("block") for call in recording.calls) if experts else 0
            bad = {name: count for name, count in found.items() if name != "copied" and count > (blocks if name.startswith("block") else 0)}
            if bad:
                print(f"  FAILED: these calls wait for the device: {bad}")
            if elsewhere > SHARE_ELSEWHERE:
                print("  FAILED: too many numbers differ")
            failed = failed or bool(bad) or elsewhere > SHARE_ELSEWHERE
    return failed


class Shape:
    """A model of a shape with random weights, computed by the programs of a recorded llama."""

    def __init__(self, recording, sizes, dtype, device):
        self.sizes, self.dtype, self.device = sizes, dtype, torch.device(device)
        loaded = [recording.program(i, device) for i in range(len(recording.programs))]
        self.decoder = next(program for program in loaded if hasattr(program, "block"))
        self.head = next(program for program in loaded if hasattr(program, "add_tile"))
        self.decoder.head_size = sizes["head_size"]
        self.head.gathered = 16 << 20
        hidden, inner, size = sizes["hidden"], sizes["inner"], sizes["head_size"]
        queries, keys = sizes["heads"] * size, sizes["key_heads"] * size
        shapes = {
            "attention_norm": [hidden], "feed_forward_norm": [hidden], "query": [queries, hidden], "key": [keys, hidden],
            "value": [keys, hidden], "attention_output": [hidden, queries], "gate": [inner, hidden], "up": [inner, hidden],
            "down": [hidden, inner],
        }
        self.blocks = [{f"{name}.weight": self.random(shape) for name, shape in shapes.items()} for _ in range(sizes["blocks"])]
        self.embedding = {"token_embedding.weight": self.random([sizes["vocabulary"], hidden])}
        self.weights = {
            "unembedding.weight": self.random([sizes["vocabulary"], hidden]),
            "final_norm.weight": torch.ones([hidden], device=self.device),
        }

    def random(self, shape):
        if len(shape) == 1:
            return torch.ones(shape, dtype=self.dtype, device=self.device)
        return torch.randn(shape, dtype=self.dtype, device=self.device).mul_(shape[-1] ** -0.5)

    def weight_bytes(self):
        return sum(tensor.numel() * tensor.element_size() for slots in self.blocks + [self.weights] for tensor in slots.values())

    def prepare(self, tokens):
        sizes = self.sizes
        self.ids = torch.randint(sizes["vocabulary"], [tokens], device=self.device)
        angles = torch.rand([tokens, sizes["head_size"] // 2], device=self.device)
        self.cos, self.sin = angles.cos().to(self.dtype), angles.sin().to(self.dtype)
        self.next = torch.roll(self.ids, -1)

    def forward(self):
        """The residual rows of every layer, the last first."""
        tokens = self.ids.numel()
        x = self.decoder.embed(self.ids, self.embedding, [tokens], [0])
        rows = []
        for slots in self.blocks:
            x = self.decoder.block(x, slots, self.cos, self.sin, self.sizes["head_size"] ** -0.5, 0, [tokens])
            rows.append(x)
        return torch.cat(rows[::-1], 0)

    def columns(self, rows):
        return min(self.sizes["vocabulary"], max(4096, (16 << 20) // rows))

    def lens(self):
        """Statistics, best tokens, ranks and KL of every layer and position, as the kernel for devices computes them."""
        tokens = self.ids.numel()
        residual = self.forward()
        store = torch.zeros([tokens, self.sizes["hidden"]], device=self.device)
        answers, entropies = [], []
        for first in range(0, residual.size(0), GROUP_ROWS):
            rows = self.head.normed(residual[first : first + GROUP_ROWS], self.weights)
            count = rows.size(0)
            expected = max(0, min(tokens - first, count))
            targets = self.next.repeat(self.sizes["blocks"])[first : first + count].unsqueeze(-1)
            whole = torch.zeros([0], dtype=torch.int64, device=self.device)
            kept = BEST + (0 if self.dtype == torch.float32 else 8)
            state = self.head.begin(rows, self.weights, targets, kept, expected, 0)
            rounded = self.head.as_weights(rows, self.weights)
            columns = self.columns(min(GROUP_ROWS, residual.size(0)))
            for start in range(0, self.sizes["vocabulary"], columns):
                end = min(start + columns, self.sizes["vocabulary"])
                self.head.add_tile(rounded, self.weights, start, end, 64, targets, whole, state)
            answers.append(self.head.packed(rows, self.weights, self.dtype != torch.float32, state).cpu())
            if expected:
                store[first : first + expected] = state[7]
            which = torch.arange(first, first + count, device=self.device) % tokens
            answers.append(self.head.dot_rows(rows, store, which).cpu())
        return answers

    def products(self):
        """The products that no lens can do without."""
        tokens, weight = self.ids.numel(), self.weights["unembedding.weight"]
        rows = self.random([tokens * self.sizes["blocks"], self.sizes["hidden"]])
        columns = self.columns(min(GROUP_ROWS, rows.size(0)))
        p = self.random([tokens, columns])
        def run():
            for first in range(0, rows.size(0), GROUP_ROWS):
                for start in range(0, weight.size(0), columns):
                    torch.mm(rows[first : first + GROUP_ROWS], weight[start : start + columns].t())
            for start in range(0, weight.size(0), columns):
                some = weight[start : start + columns]
                torch.mm(p[:, : some.size(0)], some)
        return run

    def naive(self):
        """The same numbers in plain PyTorch, a layer at a time."""
        tokens, weight = self.ids.numel(), self.weights["unembedding.weight"]
        layers = self.forward().view(self.sizes["blocks"], tokens, -1)
        final = None
        answers = []
        for rows in layers:
            z = torch.mm(self.head.normed(rows, self.weights).to(self.dtype), weight.t()).float()
            log_p = torch.log_softmax(z, -1)
            final = log_p if final is None else final
            best = torch.topk(log_p, BEST)
            rank = (z > z.gather(1, self.next.unsqueeze(-1))).sum(-1)
            entropy = -(log_p.exp() * log_p).sum(-1)
            divergence = (final.exp() * (final - log_p)).sum(-1)
            answers.append([x.cpu() for x in (best.values, best.indices, rank, entropy, divergence)])
        return answers


def seconds(work, device, least=5, budget=3.0):
    """Median of some repetitions after one that does not count."""
    def once():
        start = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return time.perf_counter() - start

    first = once()
    times = [once() for _ in range(max(1, min(30, int(budget / max(first, 1e-4)))) if first * least < 4 * budget else 1)]
    return statistics.median(times)


def bandwidth(device):
    """Bytes a second that a copy reads and writes."""
    numbers = torch.empty([(64 << 20) if device.type == "cuda" else (4 << 20)], device=device)
    other = torch.empty_like(numbers)
    return 2 * numbers.numel() * 4 / seconds(lambda: other.copy_(numbers), device)


def transformers_forward(shape):
    """The forward pass of transformers with the same shape; None where it is not installed."""
    try:
        from transformers import LlamaConfig, LlamaForCausalLM
    except ImportError:
        return None
    sizes = shape.sizes
    config = LlamaConfig(
        hidden_size=sizes["hidden"], intermediate_size=sizes["inner"], num_hidden_layers=sizes["blocks"],
        num_attention_heads=sizes["heads"], num_key_value_heads=sizes["key_heads"], head_dim=sizes["head_size"],
        vocab_size=sizes["vocabulary"])
    with torch.device("meta"):
        model = LlamaForCausalLM(config)
    model = model.to(shape.dtype).to_empty(device=shape.device).eval()
    return lambda: model.model(shape.ids.unsqueeze(0), use_cache=False)


def measure(folders, name, dtype, device, lengths):
    recording = next((r for r in map(Recording, folders) if is_llama(r)), None)
    if recording is None:
        raise SystemExit("--shape needs the recording of a llama among the folders")
    shape = Shape(recording, SHAPES[name], dtype, device)
    bytes_a_second = bandwidth(shape.device)
    print(f"\nshape {name}, {dtype}, {shape.weight_bytes() / 2**30:.1f} GiB; {bytes_a_second / 1e9:.0f} GB/s; milliseconds")
    print(f"{'tokens':>7}{'forward':>10}{'products':>10}{'lens':>10}{'bare/lens':>11}{'naive lens':>12}{'bandwidth':>11}{'transformers':>14}")
    for tokens in lengths:
        shape.prepare(tokens)
        forward = seconds(shape.forward, shape.device)
        products = seconds(shape.products(), shape.device)
        lens = seconds(shape.lens, shape.device)
        naive = attempt(lambda: seconds(shape.naive, shape.device))
        limit = shape.weight_bytes() / bytes_a_second
        other = attempt(lambda: (lambda work: work and seconds(work, shape.device))(transformers_forward(shape)))
        cells = [forward, products, lens, (forward + products) / lens, naive, limit, other]
        text = ["-" if x is None else f"{x:.2f}" if i == 3 else f"{1000 * x:.1f}" for i, x in enumerate(cells)]
        widths = [10, 10, 10, 11, 12, 11, 14]
        print(f"{tokens:>7}" + "".join(f"{x:>{w}}" for x, w in zip(text, widths)))


def attempt(work):
    """None where the device has no memory for it."""
    try:
        return work()
    except torch.OutOfMemoryError:
        return None


def is_llama(recording):
    slots = {name for slots in recording.maps for name in slots}
    wanted = {"query.weight", "gate.weight", "attention_norm.weight", "feed_forward_norm.weight", "final_norm.weight"}
    return wanted <= slots and not any("bias" in name or "router" in name or "output_norm" in name for name in slots)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--second", default="cpu", help="device of the later stages of recordings with several")
    parser.add_argument("--shape", choices=SHAPES, help="measure a model of this shape with random weights")
    parser.add_argument("--dtype", choices=["bfloat16", "float16", "float32"], default="bfloat16")
    parser.add_argument("--tokens", type=lambda text: [int(x) for x in text.split(",")], default=TOKENS)
    options = parser.parse_args()
    device = torch.device(options.device)
    # As in the product: no optimization for shapes, which change; no TF32.
    torch._C._set_graph_executor_optimize(False)
    torch.backends.cuda.matmul.allow_tf32 = False
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "processor"
    print(f"PyTorch {torch.__version__}, {name}")
    folders = [folder for folder in options.recordings if (folder / "calls.json").exists()]
    with torch.inference_mode():
        failed = check(folders, options.device, options.second)
        if options.shape:
            measure(folders, options.shape, getattr(torch, options.dtype), options.device, options.tokens)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
