"""Regenerates what the tests expect of changed passes: every operation at every site, by hooks and straight-line code over
transformers. See README.md."""

import json
import shutil
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn

import generate_sites
import reference
from case import Family
from families import CASES as FAMILY_CASES
from generate_sites import Parts, first, module

INTERVENTIONS = Path(__file__).parent.parent / "resources" / "interventions"
PARITY = INTERVENTIONS.parent / "parity"
FAMILIES = ["gpt2", "llama", "gpt_neox", "mixtral", "qwen3_5"]
SITES = ["embedding", "attention_heads", "attention_output", "attention_residual", "feed_forward_output", "block_output"]
POSITIONS = [2, 5]
HEADS = [1]
TOKENS = [5, 9]
"""Of which directions are taken."""
FOLLOWED = 7
"""The token whose log-probability is recorded."""
OPERATIONS = [
    {"kind": "replace"},
    {"kind": "replace", "positions": [3]},
    {"kind": "replace", "layer": -1, "positions": [4, 1]},
    {"kind": "add", "direction": "token", "factor": 0.75},
    {"kind": "add", "direction": "token", "factor": -20.0, "largest_share": 0.5},
    {"kind": "add", "direction": "vector", "share": 0.4},
    {"kind": "add", "direction": "difference", "share": 3.0, "largest_share": 1.25},
    {"kind": "project_out", "direction": "vector"},
    {"kind": "project_out", "direction": "difference"},
    {"kind": "swap"},
    {"kind": "zero"},
    {"kind": "mean"},
    {"kind": "vector"},
    {"kind": "scale", "factor": -1.5},
    {"kind": "skip"},
]


def vector(width: int, seed: int) -> torch.Tensor:
    """Numbers that the tests compute, too: quarters from -2 to 2."""
    return torch.tensor([(((i * 7 + seed * 5) % 17) - 8) / 4 for i in range(width)])


def is_possible(operation: dict, site: str) -> bool:
    if operation["kind"] == "skip":
        return site == "block_output"
    if "layer" in operation and site == "embedding":
        return False
    return not (site == "attention_heads" and operation.get("direction") == "token")


class Rows:
    """What the rows of a site are changed to; `width` is that of a row, or of a head."""

    def __init__(self, operation: dict, site: str, block: int, source: list[dict], unembedding: torch.Tensor, heads: int):
        self.operation, self.site, self.block, self.source, self.heads = operation, site, block, source, heads
        self.unembedding = unembedding

    def of_source(self, block: int) -> torch.Tensor:
        name = "block_input" if self.site == "embedding" else self.site
        return self.split(self.source[block][name])

    def split(self, rows: torch.Tensor) -> torch.Tensor:
        """[tokens, heads, width]; whole rows are one head."""
        return rows.view(len(rows), self.heads, -1)

    def direction(self, kind: str, width: int, token: int = 0) -> torch.Tensor:
        if kind == "token":
            return self.unembedding[TOKENS[token]].expand(self.heads, -1)
        if kind == "vector":
            return vector(width, token).expand(self.heads, -1)
        rows = self.of_source(self.block)
        return rows[[0, 1, 2]].mean(0) - rows[[3, 4]].mean(0)

    def changed(self, rows: torch.Tensor, entered: torch.Tensor) -> torch.Tensor:
        """All rows of the prompt, of which those at some positions, and of some heads, are changed."""
        every = self.split(rows).clone()
        chosen = HEADS if self.heads > 1 else [0]
        for place, position in enumerate(POSITIONS):
            for head in chosen:
                every[position, head] = self.one(every[position, head], place, position, head, entered)
        return every.reshape(rows.shape)

    def one(self, x: torch.Tensor, place: int, position: int, head: int, entered: torch.Tensor) -> torch.Tensor:
        operation, width = self.operation, len(x)
        kind = operation["kind"]
        if kind == "replace":
            positions = operation.get("positions", POSITIONS)
            return self.of_source(operation.get("layer", self.block))[positions[place if len(positions) > 1 else 0], head]
        if kind == "add":
            u = self.direction(operation["direction"], width)[head]
            added = operation["factor"] * u if "factor" in operation else operation["share"] * x.norm() * u / u.norm()
            if "largest_share" in operation:
                added = added * min(1.0, (operation["largest_share"] * x.norm() / added.norm()).item())
            return x + added
        if kind == "project_out":
            u = self.direction(operation["direction"], width)[head]
            u = u / u.norm()
            return x - (x @ u) * u
        if kind == "swap":
            name = "vector" if self.site == "attention_heads" else "token"
            u, v = (self.direction(name, width, which)[head] for which in (0, 1))
            u, v = u / u.norm(), v / v.norm()
            return x - (x @ u) * u + (x @ u) * v
        if kind == "zero":
            return torch.zeros_like(x)
        if kind == "mean":
            return self.of_source(self.block)[[1, 2, 6]].mean(0)[head]
        if kind == "vector":
            return vector(width, 3)
        if kind == "scale":
            return operation["factor"] * x
        return entered[position]


def put(output: torch.Tensor | tuple, rows: torch.Tensor) -> torch.Tensor | tuple:
    return (rows[None], *output[1:]) if isinstance(output, (tuple, list)) else rows[None]


@torch.no_grad()
def changed_pass(model: nn.Module, family: Family, parts: Parts, ids: list[int], rows: Rows) -> torch.Tensor:
    """The rows of the blocks' outputs, [layers, tokens, hidden]."""
    blocks = model.get_submodule(family.blocks)
    block = blocks[rows.block]
    entered: dict[str, torch.Tensor] = {}

    def enter(_: nn.Module, arguments: tuple, named: dict) -> tuple | None:
        x = arguments[0] if arguments else named["hidden_states"]
        if rows.site == "embedding":
            x = rows.changed(x[0], x[0])[None]
        entered["x"] = x[0]
        return ((x, *arguments[1:]), named) if arguments else (arguments, named | {"hidden_states": x})

    def heads(_: nn.Module, arguments: tuple, named: dict) -> tuple:
        return (rows.changed(arguments[0][0], entered["x"])[None], *arguments[1:]), named

    def leave(_: nn.Module, __: tuple, output: torch.Tensor | tuple) -> torch.Tensor | tuple:
        here = reference.stream(output)[0].reshape(entered["x"].shape)
        if rows.site == "attention_residual":
            return put(output, rows.changed(entered["x"] + here, entered["x"]) - entered["x"])
        return put(output, rows.changed(here, entered["x"]))

    hooks = [block.register_forward_pre_hook(enter, with_kwargs=True)]
    if rows.site == "attention_heads":
        hooks.append(module(block, parts.projection).register_forward_pre_hook(heads, with_kwargs=True))
    elif rows.site in ("attention_output", "attention_residual"):
        hooks.append(first(block, parts.mixers).register_forward_hook(leave))
    elif rows.site == "feed_forward_output":
        hooks.append(first(block, parts.feed_forward).register_forward_hook(leave))
    elif rows.site == "block_output":
        hooks.append(block.register_forward_hook(leave))
    found: list[torch.Tensor] = []
    hooks += [each.register_forward_hook(lambda _, __, output: found.append(reference.stream(output)[0])) for each in blocks]
    model(torch.tensor([ids]), use_cache=False)
    for hook in hooks:
        hook.remove()
    return torch.stack(found)


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    shutil.rmtree(INTERVENTIONS, ignore_errors=True)
    INTERVENTIONS.mkdir()
    for name in FAMILIES:
        parts = generate_sites.PARTS[name]
        case = next(case for case in FAMILY_CASES if case.name == name)
        ids = load_file(PARITY / name / "expected.safetensors")["token_ids"].tolist()
        model = reference.load(PARITY / name, case.family, case.unread, case.absent)
        source_ids = ids[::-1]
        source = generate_sites.rows_inside(model, case.family, parts, source_ids)
        head_count = model.config.get_text_config().num_attention_heads
        norm = model.get_submodule(case.family.final_norm)
        described, log_sum_exps, log_probs = [], [], []
        for site in SITES:
            having = [block for block, rows in enumerate(source) if site == "embedding" or site in rows]
            if not having:
                continue
            block = 0 if site == "embedding" else having[min(1, len(having) - 1) if len(having) > 2 else 0]
            for operation in OPERATIONS:
                if not is_possible(operation, site):
                    continue
                if "layer" in operation:
                    operation = operation | {"layer": having[-1]}
                rows = Rows(operation, site, block, source, model.get_output_embeddings().weight,
                            head_count if site == "attention_heads" else 1)
                layers = changed_pass(model, case.family, parts, ids, rows)
                logits = torch.stack([reference.decode(model, case.family, norm(one[None]))[0] for one in layers])
                described.append({"site": site, "block": block, **operation})
                log_sum_exps.append(logits.logsumexp(-1))
                log_probs.append(logits.log_softmax(-1)[..., FOLLOWED])
        save_file({"log_sum_exps": torch.stack(log_sum_exps), "log_probs": torch.stack(log_probs)},
                  INTERVENTIONS / f"{name}.safetensors")
        (INTERVENTIONS / f"{name}.json").write_text(json.dumps(described, indent=1) + "\n")
        print(name, len(described), (INTERVENTIONS / f"{name}.safetensors").stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
