"""Regenerates what the tests expect inside blocks: the statistics of each site, and how much each part writes toward a logit, by
straight-line code over transformers. See README.md."""

import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn

import reference
from case import Family
from families import CASES as FAMILY_CASES
from readout import readout
from reference import Reference

SITES = Path(__file__).parent.parent / "resources" / "sites"
PARITY = SITES.parent / "parity"
NAMED_ID = 7
"""The target that the tests give by its id."""


class Parts(NamedTuple):
    """Names of modules in a block."""

    mixers: tuple[str, ...]
    """What moves information between tokens; a block has one of them, or none."""
    feed_forward: tuple[str, ...]
    between: str | None
    """The norm that reads the stream between mixer and feed-forward; None if there is no such stream."""
    projection: str | None
    """Product out of the attention heads."""
    mixer_norm: str | None = None
    """Norm of the mixer's output, before it is added."""
    feed_forward_norm: str | None = None
    factor: str | None = None
    """Key of the configuration with the factor on branches."""
    heads_factor: str | None = None
    """Key of the factor on attention alone."""
    beside: tuple[str, str] | None = None
    """A mixer beside attention, to which it is added, and the key of its factor."""


PARTS = {
    "gpt2": Parts(("attn",), ("mlp",), "ln_2", "attn.c_proj"),
    "llama": Parts(("self_attn",), ("mlp",), "post_attention_layernorm", "self_attn.o_proj"),
    "gpt_neox": Parts(("attention",), ("mlp",), None, "attention.dense"),
    "phi": Parts(("self_attn",), ("mlp",), None, "self_attn.dense"),
    "gemma2": Parts(("self_attn",), ("mlp",), "pre_feedforward_layernorm", "self_attn.o_proj", "post_attention_layernorm",
                    "post_feedforward_layernorm"),
    "mixtral": Parts(("self_attn",), ("mlp",), "post_attention_layernorm", "self_attn.o_proj"),
    "qwen3_5": Parts(("linear_attn", "self_attn"), ("mlp",), "post_attention_layernorm", "self_attn.o_proj"),
    "nemotron_h": Parts(("mixer",), ("mixer",), None, "mixer.o_proj"),
    "granite": Parts(("self_attn",), ("mlp",), "post_attention_layernorm", "self_attn.o_proj", factor="residual_multiplier"),
    "falcon_h1": Parts(("self_attn",), ("feed_forward",), "pre_ff_layernorm", "self_attn.o_proj",
                       heads_factor="attention_out_multiplier", beside=("mamba", "ssm_out_multiplier")),
}

ORDER = ["attention_output", "attention_residual", "feed_forward_output", "block_output"]


def module(block: nn.Module, path: str | None) -> nn.Module | None:
    try:
        return block.get_submodule(path) if path else None
    except AttributeError:
        return None


def first(block: nn.Module, paths: tuple[str, ...]) -> nn.Module | None:
    return next((found for found in (module(block, path) for path in paths) if found is not None), None)


def is_feed_forward(part: nn.Module) -> bool:
    return "MLP" in type(part).__name__ or "MoE" in type(part).__name__


@torch.no_grad()
def rows_inside(model: nn.Module, family: Family, parts: Parts, ids: list[int]) -> list[dict[str, torch.Tensor]]:
    """Of each block: the rows of its sites, of the attention heads, and of what enters it."""
    found = []
    hooks = []
    factor = getattr(model.config.get_text_config(), parts.factor) if parts.factor else 1.0
    for block in model.get_submodule(family.blocks):
        here: dict[str, torch.Tensor] = {}
        found.append(here)

        def put(site: str, scale: float = 1.0, here: dict = here):
            return lambda _, __, output: here.__setitem__(site, scale * reference.stream(output)[0])

        def put_input(site: str, here: dict = here):
            return lambda _, arguments, named: here.__setitem__(site, (arguments or [*named.values()])[0][0])

        hooks.append(block.register_forward_pre_hook(put_input("block_input"), with_kwargs=True))
        hooks.append(block.register_forward_hook(put("block_output")))
        mixer, feed_forward = first(block, parts.mixers), first(block, parts.feed_forward)
        if mixer is feed_forward:
            hooks.append(mixer.register_forward_hook(
                put("feed_forward_output" if is_feed_forward(mixer) else "attention_output")))
        else:
            config = model.config.get_text_config()
            own = getattr(config, parts.heads_factor) if parts.heads_factor else factor
            hooks.append((module(block, parts.mixer_norm) or mixer).register_forward_hook(put("attention_output", own)))
            if parts.beside:
                path, key = parts.beside
                hooks.append(module(block, path).register_forward_hook(put("beside", getattr(config, key))))
            hooks.append((module(block, parts.feed_forward_norm) or feed_forward).register_forward_hook(
                put("feed_forward_output", factor)))
        if parts.between:
            hooks.append(module(block, parts.between).register_forward_pre_hook(
                put_input("attention_residual"), with_kwargs=True))
        projection = module(block, parts.projection)
        if projection is not None:
            hooks.append(projection.register_forward_pre_hook(put_input("attention_heads"), with_kwargs=True))
            if parts.mixer_norm:
                hooks.append(projection.register_forward_hook(put("before_norm")))
    model(torch.tensor([ids]), use_cache=False)
    for hook in hooks:
        hook.remove()
    for block, rows in enumerate(found):
        if "beside" in rows:
            rows["attention_output"] = rows["attention_output"] + rows.pop("beside")
        branches = [rows[site] for site in ("attention_output", "feed_forward_output") if site in rows]
        torch.testing.assert_close(rows["block_input"] + sum(branches), rows["block_output"], msg=f"block {block}: not the sum")
        if "attention_residual" in rows:
            torch.testing.assert_close(rows["block_input"] + rows["attention_output"], rows["attention_residual"])
    return found


def frozen(norm: nn.Module, of: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """A norm without its bias, as a linear function of rows: with the scale that it has for some rows. In float64."""
    epsilon = getattr(norm, "eps", getattr(norm, "variance_epsilon", None))
    weight = norm.weight.double() + (1 if "Gemma" in type(norm).__name__ or "Qwen3_5" in type(norm).__name__ else 0)
    of, rows = of.double(), rows.double()
    if isinstance(norm, nn.LayerNorm):
        centered = of - of.mean(-1, keepdim=True)
        return (rows - rows.mean(-1, keepdim=True)) * (centered.square().mean(-1, keepdim=True) + epsilon).rsqrt() * weight
    return rows * (of.square().mean(-1, keepdim=True) + epsilon).rsqrt() * weight


def heads(model: nn.Module, parts: Parts, block: nn.Module, rows: dict[str, torch.Tensor]) -> torch.Tensor:
    """What each head adds to the stream, [heads, tokens, hidden]."""
    projection = module(block, parts.projection)
    weight = projection.weight.double()
    if type(projection).__name__ == "Conv1D":
        weight = weight.T
    config = model.config.get_text_config()
    each = rows["attention_heads"].double().view(len(rows["attention_heads"]), config.num_attention_heads, -1)
    size = each.shape[-1]
    key = parts.heads_factor or parts.factor
    factor = getattr(config, key) if key else 1.0
    written = [factor * each[:, head] @ weight[:, head * size:(head + 1) * size].T for head in range(each.shape[1])]
    if parts.mixer_norm:
        written = [frozen(module(block, parts.mixer_norm), rows["before_norm"], one) for one in written]
    return torch.stack(written)


@torch.no_grad()
def attribution(model: nn.Module, family: Family, parts: Parts, ids: list[int], inside: list[dict[str, torch.Tensor]],
                own: torch.Tensor) -> dict[str, torch.Tensor]:
    """Shares of the logits of three targets (the next token, the model's own best, a named one) before a softcap, [.., tokens, 3]."""
    config = model.config.get_text_config()
    final = inside[-1]["block_output"]
    norm, head = model.get_submodule(family.final_norm), model.get_output_embeddings()
    scale = getattr(config, "logit_scale", None) or getattr(config, "lm_head_multiplier", None) or 1 / getattr(config, "logits_scaling", 1.0)
    targets = torch.stack([torch.tensor(ids[1:] + [0]), own.argmax(-1), torch.full((len(ids),), NAMED_ID)], -1)
    unembedding = head.weight.double()[targets] * scale

    def toward(rows: torch.Tensor) -> torch.Tensor:
        return (frozen(norm, final, rows)[:, None] * unembedding).sum(-1)

    bias = torch.zeros(targets.shape, dtype=torch.float64)
    if getattr(norm, "bias", None) is not None:
        bias += (norm.bias.double() * unembedding).sum(-1)
    if getattr(head, "bias", None) is not None:
        bias += head.bias.double()[targets]
    none = torch.full(targets.shape, float("nan"), dtype=torch.float64)
    by_head = [torch.stack([toward(one) for one in heads(model, parts, block, rows)]) if "attention_heads" in rows else None
               for block, rows in zip(model.get_submodule(family.blocks), inside)]
    count = max(len(one) for one in by_head if one is not None)
    values = {
        "embedding": toward(inside[0]["block_input"]),
        "attention": torch.stack([toward(rows["attention_output"]) if "attention_output" in rows else none for rows in inside]),
        "feed_forward": torch.stack(
            [toward(rows["feed_forward_output"]) if "feed_forward_output" in rows else none for rows in inside]),
        "heads": torch.stack([none.expand(count, -1, -1) if one is None else one for one in by_head]),
        "bias": bias,
    }
    total = sum(values[name].nan_to_num().sum(0) for name in ("attention", "feed_forward")) + values["embedding"] + bias
    cap = getattr(config, "final_logit_softcapping", None)
    capped = torch.tanh(total / cap) * cap if cap else total
    torch.testing.assert_close(capped, own.double().gather(-1, targets), rtol=1e-4, atol=1e-4)
    values["total"] = total
    for value in values.values():
        value[..., -1, 0] = float("nan")
    return {"attribution." + name: value.float().contiguous() for name, value in values.items()}


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    names = sys.argv[1:]
    if not names:
        shutil.rmtree(SITES, ignore_errors=True)
    SITES.mkdir(exist_ok=True)
    for name, parts in PARTS.items():
        if names and name not in names:
            continue
        case = next(case for case in FAMILY_CASES if case.name == name)
        ids = load_file(PARITY / name / "expected.safetensors")["token_ids"].tolist()
        model = reference.load(PARITY / name, case.family, case.unread, case.absent)
        inside = rows_inside(model, case.family, parts, ids)
        points = [(block, site) for block, rows in enumerate(inside) for site in ORDER if site in rows]
        rows = torch.stack([inside[block][site] for block, site in points])
        norm = model.get_submodule(case.family.final_norm)
        decoded = Reference(rows, torch.stack([reference.decode(model, case.family, norm(one[None]))[0] for one in rows]),
                            torch.stack([reference.decode(model, case.family, one[None])[0] for one in rows]))
        values = readout(ids, decoded, [len(ids) - 1])
        values["blocks"] = torch.tensor([block for block, _ in points], dtype=torch.int32)
        values["sites"] = torch.tensor([ORDER.index(site) for _, site in points], dtype=torch.int32)
        values |= attribution(model, case.family, parts, ids, inside, decoded.logits[-1])
        save_file(values, SITES / f"{name}.safetensors")
        print(name, len(points), (SITES / f"{name}.safetensors").stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
