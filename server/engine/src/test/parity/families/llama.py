from functools import partial

import torch

from case import Case as AnyCase, Family, Tensors

LLAMA = Family(blocks="model.layers", final_norm="model.norm", begins_with_bos=True)

Case = partial(AnyCase, prompt=" the café\nand 東 in is", stored_as=torch.float32)
"""These cases have a tokenizer."""

BASE = {
    "architectures": ["LlamaForCausalLM"],
    "attention_bias": False,
    "hidden_act": "silu",
    "hidden_size": 24,
    "initializer_range": 0.02,
    "intermediate_size": 28,
    "max_position_embeddings": 64,
    "mlp_bias": False,
    "model_type": "llama",
    "num_attention_heads": 3,
    "num_hidden_layers": 3,
    "num_key_value_heads": 1,
    "rms_norm_eps": 1e-05,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
}
HEADS_OF_12 = {"hidden_size": 24, "num_attention_heads": 2}
LLAMA3_SCALING = {"factor": 8.0, "low_freq_factor": 0.5, "high_freq_factor": 2.0,
                  "original_max_position_embeddings": 16}
"""With theta 100 and heads of 12 it keeps one frequency, blends two and divides three."""


def without(config: dict, key: str) -> dict:
    return {name: value for name, value in config.items() if name != key}


def with_another_head(tensors: Tensors) -> Tensors:
    embedding = tensors["model.embed_tokens.weight"]
    return tensors | {"lm_head.weight": 1.5 * embedding.flip(0, 1)}


def with_wrong_frequencies(tensors: Tensors) -> Tensors:
    """Old files hold the rotary frequencies. These are wrong on purpose: they must not be used."""
    return tensors | {
        f"model.layers.{layer}.self_attn.rotary_emb.inv_freq": torch.full((4,), 0.5)
        for layer in range(BASE["num_hidden_layers"])
    }


CASES = [
    Case("llama", "Three query heads to a key-value head, odd counts of both, a head of its own; a null for rope_scaling.",
         LLAMA, BASE | {"hidden_size": 36, "num_attention_heads": 9, "num_key_value_heads": 3, "rope_scaling": None}),
    Case("llama-tied", "The head is the embedding and is not in the file.",
         LLAMA, BASE | {"tie_word_embeddings": True}),
    Case("llama-tied-stored-head", "Says that it is tied, yet stores another head: the stored one is used.",
         LLAMA, BASE | {"tie_word_embeddings": True}, file_tensors=with_another_head),
    Case("llama-biases", "Biases on all seven products, a large epsilon.",
         LLAMA, BASE | {"attention_bias": True, "mlp_bias": True, "rms_norm_eps": 0.05,
                        "hidden_size": 32, "num_attention_heads": 4, "num_key_value_heads": 2},
         matters={"rms_norm_eps": 1e-05}),
    Case("llama-rope-linear", "Old keys: rope_theta, and rope_scaling with the key type.",
         LLAMA, BASE | HEADS_OF_12 | {"rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 4.0}},
         matters={"rope_scaling": None, "rope_theta": 10000.0}),
    Case("llama-rope-llama3", "Old keys: rope_theta, and rope_scaling with rope_type llama3.",
         LLAMA, BASE | HEADS_OF_12 | {"rope_theta": 100.0, "rope_scaling": LLAMA3_SCALING | {"rope_type": "llama3"}},
         matters={"rope_scaling": None, "rope_theta": 10000.0}),
    Case("llama-rope-parameters", "New keys: one dictionary rope_parameters, rope_type llama3; head_dim written out.",
         LLAMA, without(BASE, "rope_theta") | HEADS_OF_12 | {
             "head_dim": 12, "dtype": "float32",
             "rope_parameters": LLAMA3_SCALING | {"rope_type": "llama3", "rope_theta": 100.0}},
         matters={"rope_parameters": {"rope_type": "default", "rope_theta": 100.0}}),
    Case("llama-head-dim", "Heads of 8, though hidden size / heads is 3: the attention is wider than the stream.",
         LLAMA, BASE | {"hidden_size": 27, "num_attention_heads": 9, "num_key_value_heads": 3, "head_dim": 8,
                        "intermediate_size": 30}),
    Case("llama-bf16-sharded", "Stored in bfloat16, two shards.",
         LLAMA, BASE | {"hidden_size": 48, "num_attention_heads": 6, "num_key_value_heads": 2, "torch_dtype": "bfloat16"},
         stored_as=torch.bfloat16, shards=2),
    Case("llama-fp16", "Stored in float16.",
         LLAMA, BASE | {"hidden_size": 40, "num_attention_heads": 5, "torch_dtype": "float16"},
         stored_as=torch.float16),
    Case("llama-mha", "No key for key-value heads, which means as many as heads; rotary frequencies in the file.",
         LLAMA, without(without(BASE, "num_key_value_heads"), "rope_theta"),
         file_tensors=with_wrong_frequencies, unread=(".rotary_emb.inv_freq",)),
    Case("llama-padded-vocabulary", "More embedding rows than the tokenizer has tokens.",
         LLAMA, BASE | {"vocab_size": 300}),
]
