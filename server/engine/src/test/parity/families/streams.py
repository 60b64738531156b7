"""Families with several residual streams."""

import torch
from torch import nn

from .small import Case, Family


def mean_of_projections(model: nn.Module, streams: torch.Tensor) -> torch.Tensor:
    """Gemma 3n: all streams but the first are projected, and get the magnitude of the first."""
    text = model.get_submodule("model.language_model") if hasattr(model.model, "language_model") else model.model
    target = torch.mean(streams[0] ** 2, dim=-1, keepdim=True) ** 0.5
    parts = [streams[0]]
    for stream, projection in zip(streams[1:], text.altup_unembed_projections):
        projected = projection(stream)
        parts.append(projected * target / torch.sqrt(torch.mean(projected ** 2, dim=-1, keepdim=True).clamp(min=1e-5)))
    return torch.mean(torch.stack(parts), dim=0)


ALTUP = Family(blocks="model.layers", final_norm="model.norm", read_streams=mean_of_projections)
SEEING = Family(blocks="model.language_model.layers", final_norm="model.language_model.norm", read_streams=mean_of_projections)
HYPER = Family(blocks="model.layers", final_norm="model.norm", read_streams=lambda model, streams: model.model.hc_head(streams))
SPARSE, HEAVY = "compressed_sparse_attention", "heavily_compressed_attention"
SLIDING, FULL = "sliding_attention", "full_attention"


def gemma3n(**keys: object) -> dict:
    return {"head_dim": 8, "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 24, "hidden_size_per_layer_input": 4,
            "intermediate_size": 20, "laurel_rank": 5, "max_position_embeddings": 64, "model_type": "gemma3n_text",
            "num_attention_heads": 3, "num_hidden_layers": 2, "num_key_value_heads": 1, "num_kv_shared_layers": 0,
            "rms_norm_eps": 1e-5, "sliding_window": 4, "vocab_size": 61, "vocab_size_per_layer_input": 61} | keys


def deepseek4(**keys: object) -> dict:
    return {"compress_rates": {SPARSE: 2, HEAVY: 3}, "hc_mult": 3, "hc_sinkhorn_iters": 4, "head_dim": 8, "hidden_size": 24,
            "index_head_dim": 6, "index_n_heads": 4, "index_topk": 2, "layer_types": [SLIDING, SPARSE, HEAVY],
            "max_position_embeddings": 64, "mlp_layer_types": ["hash_moe", "moe", "moe"], "model_type": "deepseek_v4",
            "moe_intermediate_size": 10, "n_routed_experts": 5, "num_attention_heads": 6, "num_experts_per_tok": 2,
            "num_hidden_layers": 3, "o_groups": 2, "o_lora_rank": 5, "partial_rotary_factor": 0.5, "q_lora_rank": 12,
            "rms_norm_eps": 1e-5, "sliding_window": 4, "vocab_size": 61} | keys


def published(tensors):
    """The names of the published files, some of which transformers does not write."""
    others = {"model.": "", ".attn.norm.": ".attn.kv_norm.", "embed_tokens.": "embed.", "hc_head.hc_": "hc_head_"}
    renamed = {}
    for name, tensor in tensors.items():
        for saved, published_name in others.items():
            name = name.replace(saved, published_name)
        renamed[name] = tensor
    return renamed


CASES = [
    Case("gemma3n_text", "Streams that blocks predict and correct, a way past the attention, sparse gates in feed-forwards of "
                         "several widths, keys of earlier blocks, tokens without a vector of their own for each block.",
         ALTUP, gemma3n(num_hidden_layers=6, num_kv_shared_layers=2, altup_num_inputs=3, vocab_size_per_layer_input=41,
                        activation_sparsity_pattern=[0.7, 0.0, 0.5, 0.0, 0.3, 0.0], final_logit_softcapping=2.0,
                        intermediate_size=[20, 24, 20, 16, 20, 20],
                        layer_types=[SLIDING, FULL, SLIDING, FULL, SLIDING, FULL]),
         matters={"sliding_window": 64, "final_logit_softcapping": 30.0, "activation_sparsity_pattern": [0.0] * 6}),
    Case("gemma3n_text-defaults", "Four streams, and the first ten of more than ten blocks sparse, as by default.",
         ALTUP, {key: value for key, value in gemma3n(num_hidden_layers=11, num_kv_shared_layers=1, hidden_size=12,
                                                      num_attention_heads=1, intermediate_size=16).items()
                 if key != "hidden_activation"},
         matters={"activation_sparsity_pattern": [0.0] * 11}),
    Case("gemma3n_text-second-active", "Blocks compute another stream, whose scale is not used; biases, old keys for the ropes.",
         ALTUP, gemma3n(altup_active_idx=1, altup_num_inputs=2, altup_correct_scale=False, attention_bias=True,
                        tie_word_embeddings=False, rope_theta=500.0, rope_local_base_freq=50.0,
                        layer_types=[SLIDING, FULL]),
         matters={"altup_active_idx": 0, "rope_theta": 10000.0, "rope_local_base_freq": 10000.0}),
    Case("gemma3n", "The same inside a model that sees and hears, whose last ids stand for what is seen or heard and have "
                    "embeddings of their own.",
         SEEING, {"model_type": "gemma3n", "image_token_id": 31, "audio_token_id": 38,
                  "text_config": gemma3n(altup_num_inputs=2, layer_types=[SLIDING, FULL], rms_norm_eps=1e-6),
                  "vision_config": {"model_type": "gemma3n_vision", "architecture": "test_resnet", "hidden_size": 6,
                                    "vocab_offset": 30, "vocab_size": 7},
                  "audio_config": {"model_type": "gemma3n_audio", "hidden_size": 8, "vocab_offset": 37, "vocab_size": 24,
                                   "conf_num_attention_heads": 1, "conf_num_hidden_layers": 1, "input_feat_size": 8,
                                   "sscp_conv_channel_size": [2, 2]}},
         absent=("model.vision_tower", "model.audio_tower")),
    Case("deepseek_v4", "Streams that hyper-connections read, write and mix; entries for windows of tokens, of which an index "
                        "chooses some; experts chosen by the token or by scores; names of published files.",
         HYPER, deepseek4(), file_tensors=published,
         matters={"sliding_window": 64, "hc_sinkhorn_iters": 1, "hc_eps": 0.1, "index_topk": 5, "routed_scaling_factor": 1.0,
                  "scoring_func": "sigmoid", "rope_theta": 100.0, "compress_rope_theta": 100.0}),
    Case("deepseek_v4-old-keys", "The keys of published files, and entries of the usual numbers of tokens; names as transformers saves them.",
         HYPER, {key: value for key, value in deepseek4(
             compress_ratios=[4, 0, 4, 0], num_hash_layers=1, qk_rope_head_dim=4, rope_theta=1000.0, compress_rope_theta=500.0,
             swiglu_limit=0.5, max_position_embeddings=64, num_nextn_predict_layers=1, num_hidden_layers=3,
             rope_scaling={"type": "yarn", "factor": 4, "original_max_position_embeddings": 16, "beta_fast": 32, "beta_slow": 1},
         ).items() if key not in ("layer_types", "mlp_layer_types", "compress_rates", "partial_rotary_factor")},
         tokens=19, matters={"swiglu_limit": 10.0, "compress_rope_theta": 50.0}),
]
