from functools import partial

import torch

from case import Case as AnyCase, Family, Tensors

GPT2 = Family(blocks="transformer.h", final_norm="transformer.ln_f", begins_with_bos=False)

Case = partial(AnyCase, prompt=" the café\nand 東 in is", stored_as=torch.float32)
"""These cases have a tokenizer."""

BASE = {
    "activation_function": "gelu_new",
    "architectures": ["GPT2LMHeadModel"],
    "attn_pdrop": 0.1,
    "embd_pdrop": 0.1,
    "initializer_range": 0.02,
    "layer_norm_epsilon": 1e-05,
    "model_type": "gpt2",
    "n_ctx": 32,
    "n_embd": 24,
    "n_head": 3,
    "n_layer": 3,
    "n_positions": 32,
    "resid_pdrop": 0.1,
}


def without_prefix(tensors: Tensors) -> Tensors:
    return {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}


def with_mask_buffers(tensors: Tensors) -> Tensors:
    """The causal masks that older versions of transformers saved beside the weights."""
    positions = BASE["n_positions"]
    masks = {}
    for layer in range(BASE["n_layer"]):
        attention = f"transformer.h.{layer}.attn"
        masks[f"{attention}.bias"] = torch.ones(positions, positions).tril().view(1, 1, positions, positions)
        masks[f"{attention}.masked_bias"] = torch.tensor(-1e4)
    return tensors | masks


CASES = [
    Case("gpt2", "As on the hub: tied head that is not in the file, names without a prefix.",
         GPT2, BASE, file_tensors=without_prefix),
    Case("gpt2-prefixed-sharded", "Names with transformer., three shards, causal mask buffers that nobody reads; a null.",
         GPT2, BASE | {"n_inner": None}, file_tensors=with_mask_buffers, shards=3, unread=(".attn.bias", ".attn.masked_bias")),
    Case("gpt2-inverse-layer-scale", "Scores of block i divided by i + 1, ReLU, own inner size, a large epsilon.",
         GPT2, BASE | {"scale_attn_by_inverse_layer_idx": True, "n_inner": 70, "activation_function": "relu",
                       "layer_norm_epsilon": 0.05, "n_layer": 4, "n_embd": 20, "n_head": 2},
         matters={"scale_attn_by_inverse_layer_idx": False, "activation_function": "gelu_new",
                  "layer_norm_epsilon": 1e-05},
         file_tensors=without_prefix),
    Case("gpt2-unscaled-untied", "Scores without the usual scale, a head of its own, the exact GELU.",
         GPT2, BASE | {"scale_attn_weights": False, "tie_word_embeddings": False, "activation_function": "gelu",
                       "n_embd": 20, "n_head": 2},
         matters={"scale_attn_weights": True, "activation_function": "relu"}),
    Case("gpt2-bf16", "Stored in bfloat16.",
         GPT2, BASE | {"n_embd": 32, "n_head": 4, "torch_dtype": "bfloat16"},
         stored_as=torch.bfloat16, file_tensors=without_prefix),
    Case("gpt2-fp16", "Stored in float16.",
         GPT2, BASE | {"n_embd": 36, "n_head": 3, "torch_dtype": "float16"},
         stored_as=torch.float16, file_tensors=without_prefix),
]
