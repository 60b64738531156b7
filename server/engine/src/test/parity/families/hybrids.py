"""Families whose blocks have other mixers than attention, alone or beside it."""

import torch

from .small import LLAMA, Case, Family, Tensors, llama_like

BACKBONE = Family(blocks="backbone.layers", final_norm="backbone.norm_f")
JAMBA = Family(blocks="model.layers", final_norm="model.final_layernorm")
LFM2 = Family(blocks="model.layers", final_norm="model.embedding_norm")
NEMOTRON = Family(blocks="model.layers", final_norm="model.norm_f")
WRAPPED = Family(blocks="model.language_model.layers", final_norm="model.language_model.norm")

LONG = 71
"""More tokens than a chunk of a scan."""

DELTA = {"linear_num_key_heads": 2, "linear_num_value_heads": 4, "linear_key_head_dim": 6, "linear_value_head_dim": 5,
         "linear_conv_kernel_dim": 3, "head_dim": 8}
EXPERTS = {"num_experts": 5, "num_experts_per_tok": 2, "moe_intermediate_size": 10, "shared_expert_intermediate_size": 12}
MAMBA = {"mamba_n_heads": 6, "mamba_d_head": 8, "mamba_n_groups": 2, "mamba_d_state": 5, "mamba_d_conv": 3, "mamba_expand": 2}
VISION = {"depth": 1, "hidden_size": 8, "num_heads": 1, "out_hidden_size": 24, "intermediate_size": 4, "patch_size": 2,
          "in_channels": 1, "spatial_merge_size": 1, "temporal_patch_size": 1, "num_position_embeddings": 4}


def hybrid(model_type: str, without: tuple[str, ...] = (), **keys: object) -> dict:
    return llama_like(model_type, without, **{"max_position_embeddings": 128} | keys)


def lfm2(model_type: str, **keys: object) -> dict:
    return llama_like(model_type, ("rms_norm_eps", "hidden_act", "tie_word_embeddings"), norm_eps=1e-4,
                      **{"layer_types": ["conv", "full_attention"], "max_position_embeddings": 128} | keys)


def lfm3(**keys: object) -> dict:
    return llama_like("lfm3", ("rms_norm_eps", "hidden_act", "tie_word_embeddings"),
                      **{"num_hidden_layers": 3, "norm_eps": 1e-4, "head_dim": 16, "pad_token_id": 0, "sliding_window": 4, "conv_L_cache": 4,
                         "max_position_embeddings": 128} | keys)


def own_convolutions(keys: int, values: int):
    """The convolutions as on the hub; transformers cuts them into thirds when it saves."""
    def change(tensors: Tensors) -> Tensors:
        changed = dict(tensors)
        for name in [name for name in tensors if name.endswith("q_conv1d.weight")]:
            names = [name.replace("q_conv1d", part) for part in ("q_conv1d", "k_conv1d", "v_conv1d")]
            joined = torch.cat([tensors[part] for part in names])
            changed |= zip(names, joined.split([keys, keys, values]))
        return changed
    return change


def kimi(**keys: object) -> dict:
    return llama_like("kimi_linear", ("max_position_embeddings",), **{
        "num_hidden_layers": 3, "num_key_value_heads": 3, "moe_intermediate_size": 10, "kv_lora_rank": 10, "qk_nope_head_dim": 6,
        "qk_rope_head_dim": 4, "v_head_dim": 8, "pad_token_id": 0} | keys)


def kimi_names(tensors: Tensors) -> Tensors:
    """The names as on the hub, where only experts have a folder of their own."""
    dense = ("block_sparse_moe.gate_proj", "block_sparse_moe.up_proj", "block_sparse_moe.down_proj")
    return {name.replace("block_sparse_moe", "mlp") if any(part in name for part in dense) else name: tensor
            for name, tensor in tensors.items()}


def zamba2(**keys: object) -> dict:
    """Norms with a large epsilon: there is no stream beside the shared transformer, so its errors grow in every norm."""
    return {"model_type": "zamba2", "hidden_size": 24, "intermediate_size": 20, "num_hidden_layers": 4, "num_attention_heads": 4,
            "layers_block_type": ["hybrid", "mamba", "hybrid", "hybrid"], "num_mem_blocks": 2, "adapter_rank": 3,
            "n_mamba_heads": 6, "mamba_ngroups": 2, "mamba_d_state": 5, "mamba_d_conv": 3, "vocab_size": 61, "pad_token_id": 0,
            "max_position_embeddings": 128, "time_step_min": 0.5, "rms_norm_eps": 0.1} | keys


def griffin(**keys: object) -> dict:
    return {"hidden_size": 24, "intermediate_size": 40, "model_type": "recurrent_gemma", "num_attention_heads": 3,
            "num_key_value_heads": 1, "num_hidden_layers": 3, "vocab_size": 61, "attention_window_size": 4,
            "logits_soft_cap": 2.0} | keys


def alone(model_type: str, **keys: object) -> dict:
    return {"hidden_size": 24, "layer_norm_epsilon": 1e-4, "model_type": model_type, "num_hidden_layers": 2, "vocab_size": 61} | keys


CASES = [
    Case("lfm2", "A short convolution in block 0; a width that is rounded up; tied.",
         LFM2, lfm2("lfm2", block_multiple_of=8), tokens=LONG),
    Case("lfm2-adjusted", "Convolutions with biases, the blocks with attention by number, a width with a factor.",
         LFM2, {key: value for key, value in lfm2("lfm2", conv_bias=True, conv_L_cache=4, full_attn_idxs=[0, 2],
                                                  num_hidden_layers=3, block_multiple_of=5, block_ffn_dim_multiplier=1.4,
                                                  rope_theta=1000.0).items() if key != "layer_types"},
         matters={"rope_theta": 1e6}),
    Case("lfm2_moe", "Sigmoids as scores, with a correction; a dense block.",
         LFM2, lfm2("lfm2_moe", num_experts=5, num_experts_per_tok=2, moe_intermediate_size=10, num_dense_layers=1)),
    Case("lfm2_moe-uncorrected", "No correction, weights that do not add up to 1.",
         LFM2, lfm2("lfm2_moe", num_experts=4, num_experts_per_tok=2, moe_intermediate_size=10, num_dense_layers=0,
                    use_expert_bias=False, norm_topk_prob=False, routed_scaling_factor=1.5),
         matters={"routed_scaling_factor": 1.0, "norm_topk_prob": True}),
    Case("lfm3", "Attention with and without a window between convolutions, gates for heads, norms behind the branches; tied.",
         LFM2, lfm3(num_hidden_layers=5), tokens=LONG, matters={"sliding_window": 64}),
    Case("lfm3-listed", "Kinds and ropes as listed, no gates, no norms behind the branches, biases.",
         LFM2,
         lfm3(layer_types=["full_attention", "conv", "sliding_attention"], use_sandwich_norm=False, use_attention_gate=False,
              attention_bias=True, conv_bias=True, tie_word_embeddings=False, rope_parameters={
                  "full_attention": {"rope_type": "proportional", "rope_theta": 100.0, "partial_rotary_factor": 0.75, "factor": 2.0},
                  "sliding_attention": {"rope_type": "default", "rope_theta": 1000.0}})),
    Case("qwen3_next", "The gated delta rule in block 0, gated attention in block 1; experts with a gated shared one.",
         LLAMA, hybrid("qwen3_next", **DELTA, **EXPERTS, full_attention_interval=2), tokens=LONG),
    Case("qwen3_next-dense", "Listed kinds, a dense block, more of each head rotated, biases in the attention, weights that "
                             "do not add up to 1.",
         LLAMA, hybrid("qwen3_next", **DELTA, **EXPERTS, num_hidden_layers=3, attention_bias=True, mlp_only_layers=[0],
                       layer_types=["full_attention", "linear_attention", "linear_attention"], norm_topk_prob=False,
                       rope_parameters={"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5})),
    Case("qwen3_5_text", "The delta rule with separate products.",
         LLAMA, hybrid("qwen3_5_text", **DELTA, full_attention_interval=2), tokens=LONG),
    Case("qwen3_5", "The same inside a model that sees.",
         WRAPPED, {"model_type": "qwen3_5", "text_config": hybrid("qwen3_5_text", **DELTA, layer_types=[
             "linear_attention", "full_attention"]), "vision_config": VISION | {"model_type": "qwen3_5_vision"}}),
    Case("qwen3_5_moe_text", "Experts in every block, whose weights add up to 1.",
         LLAMA, hybrid("qwen3_5_moe_text", **DELTA, **EXPERTS, full_attention_interval=2)),
    Case("qwen3_5_moe", "The same inside a model that sees.",
         WRAPPED, {"model_type": "qwen3_5_moe", "text_config": hybrid("qwen3_5_moe_text", **DELTA, **EXPERTS, layer_types=[
             "linear_attention", "full_attention"]), "vision_config": VISION | {"model_type": "qwen3_5_moe_vision"}}),
    Case("mamba", "A state space for each channel; tied.",
         BACKBONE, alone("mamba", state_size=5, conv_kernel=3, time_step_rank=3), tokens=LONG),
    Case("mamba-biased", "Biases, the usual rank, a head of its own.",
         BACKBONE, alone("mamba", state_size=4, use_bias=True, use_conv_bias=False, tie_word_embeddings=False, expand=3)),
    Case("falcon_mamba", "Norms without weights on the parameters of the states.",
         BACKBONE, alone("falcon_mamba", state_size=5, mixer_rms_eps=1e-4)),
    Case("jamba", "State spaces in block 0, attention without rotation in block 1, which has experts.",
         JAMBA, hybrid("jamba", attn_layer_period=2, attn_layer_offset=1, expert_layer_period=2, expert_layer_offset=1,
                       num_experts=4, num_experts_per_tok=2, mamba_d_state=5, mamba_d_conv=3, mamba_dt_rank=3,
                       use_mamba_kernels=False), tokens=LONG),
    Case("jamba-biased", "Biases, another rhythm, the usual rank, no experts.",
         JAMBA, hybrid("jamba", num_hidden_layers=3, attn_layer_period=3, attn_layer_offset=0, num_experts=1,
                       num_experts_per_tok=1, mamba_d_state=4, mamba_proj_bias=True, mamba_conv_bias=False,
                       use_mamba_kernels=False)),
    Case("mamba2", "A state space for each head, in groups.",
         BACKBONE, alone("mamba2", num_heads=6, head_dim=8, n_groups=2, state_size=5, conv_kernel=3, expand=2), tokens=LONG),
    Case("mamba2-limited", "Bounded time steps, biases; tied.",
         BACKBONE, alone("mamba2", num_heads=6, head_dim=8, n_groups=3, state_size=4, expand=2, use_bias=True,
                         use_conv_bias=False, time_step_limit=[0.3, 0.9], tie_word_embeddings=True),
         matters={"time_step_limit": [0.0, 100.0]}),
    Case("bamba", "State spaces in block 0, attention in block 1, which rotates half of each head.",
         JAMBA, hybrid("bamba", attn_layer_indices=[1], **MAMBA), tokens=LONG),
    Case("bamba-biased", "Biases; attention first; the usual size of a state's head.",
         JAMBA, hybrid("bamba", attn_layer_indices=[0], **MAMBA | {"mamba_d_head": "auto", "mamba_n_heads": 4}, mamba_proj_bias=True,
                       mamba_conv_bias=False, attention_bias=True, mlp_bias=True, rope_theta=100.0)),
    Case("granitemoehybrid", "State spaces in block 0, attention without rotation in block 1; experts and multipliers.",
         LLAMA, hybrid("granitemoehybrid", **MAMBA, layer_types=["mamba", "attention"], num_local_experts=4, num_experts_per_tok=2,
                       shared_intermediate_size=16, embedding_multiplier=3.0, residual_multiplier=0.4,
                       attention_multiplier=0.25, logits_scaling=4.0), matters={"residual_multiplier": 1.0}),
    Case("granitemoehybrid-dense", "No experts but the shared one; attention that rotates.",
         LLAMA, hybrid("granitemoehybrid", **MAMBA, layer_types=["attention", "mamba"], num_local_experts=0, num_experts_per_tok=0,
                       shared_intermediate_size=16, attention_multiplier=0.3, position_embedding_type="rope",
                       rope_theta=100.0), matters={"position_embedding_type": "nope"}),
    Case("falcon_h1", "Attention and state spaces side by side, with factors everywhere; no norm in the state space.",
         JAMBA, hybrid("falcon_h1", **MAMBA, mamba_d_ssm=48, embedding_multiplier=2.0, lm_head_multiplier=0.7,
                       mlp_multipliers=[0.8, 1.3], key_multiplier=0.6, attention_in_multiplier=1.2,
                       attention_out_multiplier=0.7, ssm_in_multiplier=1.1, ssm_out_multiplier=0.6,
                       ssm_multipliers=[0.5, 1.5, 0.7, 1.2, 0.9]), tokens=LONG,
         matters={"mlp_multipliers": [1.0, 1.0], "key_multiplier": 1.0, "ssm_multipliers": [1.0] * 5}),
    *(Case(f"falcon_h1-norm-{order}", f"A norm over groups {order} the gate, biases.",
           JAMBA, hybrid("falcon_h1", **MAMBA, mamba_d_ssm=None, mamba_rms_norm=True, mamba_norm_before_gate=order == "before",
                         mamba_proj_bias=True, projectors_bias=True, mamba_conv_bias=False, attention_bias=True,
                         rope_theta=100.0)) for order in ("before", "after")),
    Case("nemotron_h", "Each block is one part: a state space, a feed-forward, attention, a mixture.",
         NEMOTRON, {"hidden_size": 24, "hybrid_override_pattern": "M-*E", "intermediate_size": 20, "mamba_num_heads": 6,
                    "mamba_head_dim": 8, "n_groups": 2, "ssm_state_size": 5, "conv_kernel": 3, "model_type": "nemotron_h",
                    "num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 8, "num_hidden_layers": 4, "vocab_size": 61,
                    "layer_norm_epsilon": 1e-4, "n_routed_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 10,
                    "moe_shared_expert_intermediate_size": 14, "n_group": 3, "topk_group": 2, "time_step_min": 0.5,
                    "max_position_embeddings": 128, "routed_scaling_factor": 2.0},
         tokens=LONG, matters={"time_step_min": 0.001, "topk_group": 1, "routed_scaling_factor": 1.0}),
    Case("nemotron_h-latent", "Experts between products into and out of a narrower vector; the shared expert is outside. Old names of "
                              "keys, and a list of kinds, which counts more than a pattern.",
         NEMOTRON, {"hidden_size": 24, "hybrid_override_pattern": "MM", "layers_block_type": ["linear_attention", "moe"],
                    "mamba_num_heads": 6, "mamba_head_dim": 8, "mamba_n_groups": 2, "mamba_dt_min": 0.5, "ssm_state_size": 5,
                    "mamba_d_conv": 3, "model_type": "nemotron_h", "num_attention_heads": 3,
                    "num_key_value_heads": 1, "head_dim": 8, "num_hidden_layers": 2, "vocab_size": 61, "n_routed_experts": 6,
                    "num_experts_per_tok": 2, "moe_intermediate_size": 10, "moe_shared_expert_intermediate_size": 14,
                    "moe_latent_size": 8, "max_position_embeddings": 128}, matters={"mamba_dt_min": 0.001}),
    Case("kimi_linear", "The delta rule with a decay for each channel; latent attention without positions; experts.",
         LLAMA, kimi(linear_attn_config={"kda_layers": [1, 3], "full_attn_layers": [2], "num_heads": 3, "head_dim": 6,
                                         "short_conv_kernel_size": 3},
                     first_k_dense_replace=1, num_experts=6, num_experts_per_token=2, num_expert_group=3, topk_group=2,
                     num_shared_experts=2, routed_scaling_factor=1.5),
         tokens=LONG, file_tensors=kimi_names, matters={"routed_scaling_factor": 1.0, "topk_group": 1}),
    Case("kimi_linear-listed", "Kinds of blocks as listed; keys of transformers; narrow queries; weights of experts that do not add up to 1.",
         LLAMA, kimi(layer_types=["full_attention", "linear_attention"], mlp_layer_types=["sparse", "dense"], num_hidden_layers=2,
                     linear_num_heads=2, linear_head_dim=8, q_lora_rank=10, num_local_experts=4, num_experts_per_tok=2,
                     norm_topk_prob=False, max_position_embeddings=100),
         file_tensors=kimi_names, matters={"norm_topk_prob": True}),
    Case("zamba2-shared", "Two transformers in turn before state spaces, with adapters for each block; rotation; tied.",
         JAMBA, zamba2(use_shared_attention_adapter=True, use_mem_rope=True, rope_theta=100.0)),
    Case("zamba2-plain", "Adapters of the feed-forward alone, no rotation; a head of its own, and so no shared weights.",
         JAMBA, zamba2(num_hidden_layers=3, layers_block_type=["mamba", "hybrid", "hybrid"], num_mem_blocks=1, mamba_ngroups=1,
                       tie_word_embeddings=False)),
    Case("olmo_hybrid", "The delta rule with rates that overshoot and norms before the branches; attention with norms behind.",
         LLAMA, hybrid("olmo_hybrid", pad_token_id=0, num_hidden_layers=2, layer_types=["linear_attention", "full_attention"],
                       linear_num_key_heads=2, linear_num_value_heads=4, linear_key_head_dim=6, linear_value_head_dim=5,
                       rope_theta=100.0), tokens=LONG, file_tensors=own_convolutions(12, 20),
         matters={"linear_allow_neg_eigval": False}),
    Case("olmo_hybrid-defaults", "Kinds and sizes of the class, no rotation, rates up to 1.",
         LLAMA, hybrid("olmo_hybrid", pad_token_id=0, num_hidden_layers=3, linear_allow_neg_eigval=False, linear_conv_kernel_dim=3,
                       rope_parameters={"rope_theta": None}), file_tensors=own_convolutions(18, 36)),
    Case("minimax", "Lightning attention in block 1; branches are added to normed inputs, with factors; experts.",
         LLAMA, hybrid("minimax", num_local_experts=4, num_experts_per_tok=2, full_attn_alpha_factor=0.7,
                       full_attn_beta_factor=1.3, linear_attn_alpha_factor=1.2, linear_attn_beta_factor=0.8,
                       mlp_alpha_factor=0.9, mlp_beta_factor=1.1, block_size=16, rope_theta=100.0), tokens=LONG,
         stored_as=torch.float32, matters={"linear_attn_beta_factor": 1.0, "mlp_alpha_factor": 1.0}),
    Case("minimax-listed", "Kinds as listed, heads of another size, a window; no factors.",
         LLAMA, hybrid("minimax", num_local_experts=3, num_experts_per_tok=2, head_dim=6, sliding_window=4, block_size=16,
                       layer_types=["linear_attention", "full_attention"]), stored_as=torch.float32,
         matters={"sliding_window": None}),
    Case("recurrent_gemma", "Gated recurrences in two of three blocks, a window in the third; a softcap; tied.",
         Family(blocks="model.layers", final_norm="model.final_norm"), griffin(), tokens=LONG,
         matters={"attention_window_size": 64, "logits_soft_cap": 30.0}),
    Case("recurrent_gemma-wide", "Attention first, wider recurrences, biases, a head of its own.",
         Family(blocks="model.layers", final_norm="model.final_norm"),
         griffin(block_types=["attention", "recurrent"], lru_width=30, attention_bias=True, tie_word_embeddings=False,
                 num_key_value_heads=3, conv1d_width=3, rope_theta=100.0), matters={"rope_theta": 10000.0}),
]
