"""Mixtures of experts."""

import torch

from checkpoint import generator

from .small import LLAMA, Case, Tensors, llama_like

QWEN = {"num_experts": 5, "num_experts_per_tok": 2, "moe_intermediate_size": 12}
DEEPSEEK = {"n_routed_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 12, "n_shared_experts": 1,
            "n_group": 3, "topk_group": 2, "first_k_dense_replace": 1, "num_key_value_heads": 3,
            "qk_nope_head_dim": 6, "qk_rope_head_dim": 4, "v_head_dim": 8, "kv_lora_rank": 10, "q_lora_rank": 14}
YARN = {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16, "beta_fast": 4, "beta_slow": 1,
        "mscale": 1.0, "mscale_all_dim": 0.7}


def stacked(folder: str, in_memory: str, gate: str, up: str, down: str):
    """All experts' products in two tensors, as transformers holds them in memory."""
    def change(tensors: Tensors) -> Tensors:
        kept, experts = {}, {}
        for name, tensor in tensors.items():
            if f".{folder}experts." in name:
                experts[name] = tensor
            else:
                kept[name.replace(f".{folder}", f".{in_memory}") if folder != in_memory else name] = tensor
        for prefix in sorted({name.split(f"{folder}experts.")[0] for name in experts}):
            count = len({name for name in experts if name.startswith(prefix) and name.endswith(f".{down}.weight")})
            each = [{part: experts[f"{prefix}{folder}experts.{number}.{part}.weight"] for part in (gate, up, down)}
                    for number in range(count)]
            kept[f"{prefix}{in_memory}experts.gate_up_proj"] = torch.stack([torch.cat([e[gate], e[up]]) for e in each])
            kept[f"{prefix}{in_memory}experts.down_proj"] = torch.stack([e[down] for e in each])
        return kept
    return change


def in_mxfp4_blocks(tensors: Tensors) -> Tensors:
    """Experts of random 4-bit numbers, 32 to a power of two, as the released files have them."""
    changed = {}
    for name, tensor in tensors.items():
        if name.endswith(("experts.gate_up_proj", "experts.down_proj")):
            experts, inputs, outputs = tensor.shape
            random = generator(name)
            blocks = random.integers(0, 256, (experts, outputs, inputs // 32, 16), dtype="uint8")
            scales = random.integers(121, 124, (experts, outputs, inputs // 32), dtype="uint8")
            changed[name + "_blocks"], changed[name + "_scales"] = torch.from_numpy(blocks), torch.from_numpy(scales)
        else:
            changed[name] = tensor
    return changed


def with_predictor(blocks: int):
    """The files of some models hold one block more, which predicts tokens further ahead."""
    return lambda tensors: tensors | {
        f"model.layers.{blocks}.{name.removeprefix('model.layers.1.')}": tensor + 1
        for name, tensor in tensors.items() if name.startswith("model.layers.1.")}


SOFTMAX = [
    Case("mixtral", "Experts one by one; weights of the best two add up to 1.",
         LLAMA, llama_like("mixtral", num_local_experts=4, num_experts_per_tok=2), matters={"num_experts_per_tok": 1}),
    Case("mixtral-window", "A window on every block, three experts of five, all experts' products in one tensor.",
         LLAMA, llama_like("mixtral", num_local_experts=5, num_experts_per_tok=3, sliding_window=4, rope_theta=1e4),
         file_tensors=stacked("block_sparse_moe.", "mlp.", "w1", "w3", "w2"), matters={"sliding_window": None}),
    Case("qwen3_moe", "Weights are scores, whose sum is less than 1; the first block is dense.",
         LLAMA, llama_like("qwen3_moe", **QWEN, head_dim=16, mlp_only_layers=[0]), matters={"norm_topk_prob": True}),
    Case("qwen3_moe-normalized", "Weights add up to 1; a window, biases, every second block dense.",
         LLAMA, llama_like("qwen3_moe", **QWEN, num_hidden_layers=3, norm_topk_prob=True, attention_bias=True,
                           decoder_sparse_step=2, use_sliding_window=True, sliding_window=4),
         matters={"norm_topk_prob": False, "use_sliding_window": False}),
    Case("qwen3_moe-stacked", "All experts' products in one tensor.",
         LLAMA, llama_like("qwen3_moe", **QWEN, norm_topk_prob=True),
         file_tensors=stacked("mlp.", "mlp.", "gate_proj", "up_proj", "down_proj")),
    Case("qwen2_moe", "A shared expert with a gate; biases on queries, keys and values.",
         LLAMA, llama_like("qwen2_moe", **QWEN, shared_expert_intermediate_size=16)),
    Case("qwen2_moe-unbiased", "No biases, weights that add up to 1, a dense block, a window on block 0, two shards.",
         LLAMA, llama_like("qwen2_moe", **QWEN, shared_expert_intermediate_size=24, qkv_bias=False, norm_topk_prob=True,
                           mlp_only_layers=[1], use_sliding_window=True, sliding_window=4, max_window_layers=2,
                           num_hidden_layers=3),
         shards=2, matters={"use_sliding_window": False, "norm_topk_prob": False}),
    Case("olmoe", "Norms on all heads at once, bounded queries, keys and values.",
         LLAMA, llama_like("olmoe", num_experts=6, num_experts_per_tok=3, clip_qkv=0.5),
         matters={"clip_qkv": None, "norm_topk_prob": True}),
    Case("olmoe-normalized", "Weights that add up to 1; no bound.",
         LLAMA, llama_like("olmoe", num_experts=4, num_experts_per_tok=2, norm_topk_prob=True),
         matters={"norm_topk_prob": False}),
    Case("granitemoe", "A softmax over the chosen experts alone; multipliers; experts in one tensor.",
         LLAMA, llama_like("granitemoe", num_local_experts=5, num_experts_per_tok=2, embedding_multiplier=3.0,
                           residual_multiplier=0.4, attention_multiplier=0.25, logits_scaling=4.0),
         matters={"residual_multiplier": 1.0}),
    Case("granitemoeshared", "A shared expert without a gate.",
         LLAMA, llama_like("granitemoeshared", num_local_experts=4, num_experts_per_tok=2, shared_intermediate_size=16,
                           attention_multiplier=0.3)),
    Case("granitemoeshared-none", "No shared expert.",
         LLAMA, llama_like("granitemoeshared", num_local_experts=4, num_experts_per_tok=1, attention_multiplier=0.3)),
    Case("gpt_oss", "Attention sinks, clamped gates, biases everywhere; a window on even blocks; YaRN by default.",
         LLAMA, llama_like("gpt_oss", num_local_experts=4, num_experts_per_tok=2, head_dim=8, sliding_window=4,
                           swiglu_limit=1.0), matters={"sliding_window": 64, "swiglu_limit": 7.0}),
    Case("gpt_oss-unbiased", "No biases in the attention, the usual limit, another rope; stored in float32.",
         LLAMA, llama_like("gpt_oss", num_local_experts=5, num_experts_per_tok=3, head_dim=16, attention_bias=False,
                           rope_theta=1000.0, layer_types=["full_attention", "sliding_attention"], sliding_window=3,
                           rope_scaling=YARN | {"truncate": False}),
         stored_as=torch.float32, matters={"sliding_window": 64, "rope_theta": 10000.0}),
    Case("gpt_oss-mxfp4", "Experts in the microscaling format MXFP4.",
         LLAMA, llama_like("gpt_oss", num_local_experts=3, num_experts_per_tok=2, head_dim=8, hidden_size=32,
                           intermediate_size=64, sliding_window=4, num_attention_heads=2,
                           quantization_config={"quant_method": "mxfp4", "dequantize": True}),
         file_tensors=in_mxfp4_blocks),
    Case("phimoe", "A sparse mixer; norms with biases, biases in attention and head.",
         LLAMA, llama_like("phimoe", num_local_experts=4, num_experts_per_tok=2, attention_bias=True, lm_head_bias=True,
                           router_jitter_noise=0.2), matters={"router_jitter_noise": 0.01}),
    Case("phimoe-longrope", "LongRoPE with a magnitude of its own, a window.",
         LLAMA, llama_like("phimoe", num_local_experts=5, num_experts_per_tok=2, sliding_window=4,
                           max_position_embeddings=64, original_max_position_embeddings=16,
                           rope_scaling={"type": "longrope", "original_max_position_embeddings": 16,
                                         "short_factor": [1.0, 1.5, 2.0, 3.0], "long_factor": [2.0, 6.0, 9.0, 12.0],
                                         "short_mscale": 1.2, "long_mscale": 1.4}),
         matters={"sliding_window": None}),
    Case("ernie4_5_moe", "A correction of the scores that choose; shared experts; the first block dense.",
         LLAMA, llama_like("ernie4_5_moe", moe_num_experts=5, moe_k=2, moe_intermediate_size=12, head_dim=8)),
    Case("ernie4_5_moe-head-size", "No head_dim: the hidden size over the heads.",
         LLAMA, llama_like("ernie4_5_moe", moe_num_experts=5, moe_k=2, moe_intermediate_size=12)),
    Case("ernie4_5_moe-unshared", "No shared expert, every second block, up to one of them; tied.",
         LLAMA, llama_like("ernie4_5_moe", ("tie_word_embeddings",), moe_num_experts=4, moe_k=3, moe_intermediate_size=12,
                           head_dim=16, moe_num_shared_experts=0, moe_layer_interval=2, moe_layer_start_index=0,
                           moe_layer_end_index=2, num_hidden_layers=4)),
]

LATENT = [
    Case("deepseek_v3", "Latent attention, groups of experts, a correction of the scores that choose, a dense block; a "
                        "block for prediction in the file.",
         LLAMA, llama_like("deepseek_v3", **DEEPSEEK, rope_theta=100.0), file_tensors=with_predictor(2),
         unread=("model.layers.2.",), matters={"topk_group": 3, "routed_scaling_factor": 1.0, "norm_topk_prob": False}),
    Case("deepseek_v3-yarn", "YaRN, which scales the scores too; biases, no narrow vector for queries, rotated halves.",
         LLAMA, llama_like("deepseek_v3", **DEEPSEEK | {"q_lora_rank": None, "n_group": 1, "topk_group": 1},
                           num_hidden_layers=3, rope_interleave=False, attention_bias=True, norm_topk_prob=False,
                           routed_scaling_factor=1.5, rope_theta=100.0, rope_scaling=YARN),
         matters={"rope_interleave": True, "rope_scaling": None, "norm_topk_prob": True}),
    Case("deepseek_v3-stacked", "All experts' products in one tensor; no dense block, two shared experts.",
         LLAMA, llama_like("deepseek_v3", **DEEPSEEK | {"first_k_dense_replace": 0, "n_shared_experts": 2}),
         file_tensors=stacked("mlp.", "mlp.", "gate_proj", "up_proj", "down_proj")),
    Case("deepseek_v2", "Groups ranked by their best expert.",
         LLAMA, llama_like("deepseek_v2", **DEEPSEEK | {"topk_group": 1}, topk_method="group_limited_greedy", routed_scaling_factor=2.0,
                           rope_theta=100.0), matters={"topk_method": "greedy", "routed_scaling_factor": 1.0}),
    Case("deepseek_v2-greedy", "No groups, no narrow vector for queries, YaRN, biases.",
         LLAMA, llama_like("deepseek_v2", **DEEPSEEK | {"q_lora_rank": None, "n_group": 1, "topk_group": 1},
                           topk_method="greedy", attention_bias=True, rope_theta=100.0, rope_scaling=YARN),
         matters={"rope_scaling": None}),
]

INDEXED = DEEPSEEK | {"index_topk": 64, "index_head_dim": 8, "index_n_heads": 2}

LATENT_SIZES = {key: value for key, value in DEEPSEEK.items() if "lora" in key or "head" in key}
COHERE = {"num_experts": 5, "num_experts_per_tok": 2, "num_shared_experts": 1, "head_dim": 8, "sliding_window": 4,
          "logit_scale": 0.5}

LLAMA4 = {"head_dim": 8, "attention_chunk_size": 4, "intermediate_size_mlp": 18, "num_local_experts": 4,
          "num_experts_per_tok": 1, "floor_scale": 2, "attn_scale": 0.5, "rope_theta": 100.0}

SHARED = {"num_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 12, "num_shared_experts": 1}
SIGMOID = {"n_routed_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 12, "n_shared_experts": 1}

CASES = SOFTMAX + LATENT + [
    Case("axk1", "A norm behind the experts; the first block dense.",
         LLAMA, llama_like("axk1", **DEEPSEEK, rope_theta=100.0), matters={"topk_group": 3}),
    Case("minicpm3", "Latent attention with rotated halves, factors on embedding, branches and head; tied.",
         LLAMA, llama_like("minicpm3", ("tie_word_embeddings",), **LATENT_SIZES, rope_theta=100.0, dim_model_base=12, scale_emb=3.0,
                           scale_depth=0.9), matters={"scale_emb": 1.0, "scale_depth": 1.4, "dim_model_base": 24}),
    Case("aria_text", "Experts with their inputs first; shared experts.",
         LLAMA, llama_like("aria_text", moe_num_experts=5, moe_topk=2, moe_num_shared_experts=2)),
    Case("hunyuan_v1_moe", "Norms on rotated heads; weights add up to 1; a shared expert; the same number for each block.",
         LLAMA, llama_like("hunyuan_v1_moe", head_dim=8, num_experts=4, moe_topk=[2, 2])),
    Case("mellum", "A rope for each kind of block, experts in the second block.",
         LLAMA, llama_like("mellum", head_dim=8, sliding_window=4, num_experts=5, num_experts_per_tok=2, moe_intermediate_size=12,
                           layer_types=["sliding_attention", "full_attention"], mlp_layer_types=["dense", "sparse"]),
         matters={"sliding_window": 64, "norm_topk_prob": False}),
    Case("mellum-ropes", "Ropes written out; weights that do not add up to 1.",
         LLAMA, llama_like("mellum", head_dim=8, sliding_window=4, num_experts=5, num_experts_per_tok=2, moe_intermediate_size=12,
                           norm_topk_prob=False, layer_types=["full_attention", "sliding_attention"], rope_parameters={
                               "full_attention": YARN | {"rope_type": "yarn", "rope_theta": 100.0},
                               "sliding_attention": {"rope_type": "default", "rope_theta": 1000.0}})),
    Case("laguna", "A gate for each head, above 0; heads of their own number; half of a head rotates in blocks without a window.",
         LLAMA, llama_like("laguna", head_dim=8, sliding_window=4, **SHARED | {"num_experts": 5}, shared_expert_intermediate_size=14,
                           num_attention_heads_per_layer=[3, 4], moe_routed_scaling_factor=1.5,
                           layer_types=["full_attention", "sliding_attention"]),
         matters={"sliding_window": 64, "moe_routed_scaling_factor": 1.0}),
    Case("laguna-wide-gate", "A gate for each dimension, biases, ropes written out.",
         LLAMA, llama_like("laguna", head_dim=8, sliding_window=4, **SHARED | {"num_experts": 5}, shared_expert_intermediate_size=14,
                           gating="per-element", attention_bias=True, layer_types=["full_attention", "sliding_attention"],
                           mlp_layer_types=["sparse", "dense"], rope_parameters={
                               "full_attention": {"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5},
                               "sliding_attention": {"rope_type": "default", "rope_theta": 1000.0}})),
    Case("kolibri1", "Experts chosen by logits with a correction, weighted by sigmoids; four norms a block.",
         LLAMA, llama_like("kolibri1", ("intermediate_size",), num_hidden_layers=5, head_dim=8, sliding_window=4, num_experts=5,
                           num_experts_per_tok=2, moe_intermediate_size=10, shared_expert_intermediate_size=12),
         matters={"sliding_window": 64, "norm_topk_prob": True}),
    Case("kolibri1-normalized", "Weights that add up to 1.",
         LLAMA, llama_like("kolibri1", ("intermediate_size",), head_dim=8, sliding_window=4, num_experts=5, norm_topk_prob=True,
                           num_experts_per_tok=2, moe_intermediate_size=10, shared_expert_intermediate_size=12,
                           layer_types=["full_attention", "sliding_attention"])),
    Case("cohere2_moe", "The mean of experts and shared one; a dense block that rotates without a window.",
         LLAMA, llama_like("cohere2_moe", ("rms_norm_eps",), **COHERE, num_hidden_layers=3, first_k_dense_replace=1,
                           prefix_dense_intermediate_size=18, sliding_window_pattern=2, tie_word_embeddings=True),
         matters={"sliding_window": 64, "shared_expert_combination_strategy": "sum"}),
    Case("cohere2_moe-sigmoid", "Sigmoids that add up to 1, the sum with the shared expert, RMSNorm, a head of its own.",
         LLAMA, llama_like("cohere2_moe", **COHERE, expert_selection_fn="sigmoid", shared_expert_combination_strategy="sum",
                           layer_types=["full_attention", "sliding_attention"], mlp_layer_types=["sparse", "dense"],
                           prefix_dense_sliding_window_pattern=2), matters={"norm_topk_prob": False}),
    Case("llama4_text", "Stretches of the prompt in three blocks of four; queries of the fourth grow; experts read what their "
                        "scores multiply.",
         LLAMA, llama_like("llama4_text", **LLAMA4, num_hidden_layers=4, interleave_moe_layer_step=2),
         matters={"attention_chunk_size": 64, "attn_temperature_tuning": False, "use_qk_norm": False}),
    Case("llama4_text-plain", "Blocks as listed, without norms on heads and growth; several experts; biases.",
         LLAMA, llama_like("llama4_text", **LLAMA4 | {"num_experts_per_tok": 2}, no_rope_layers=[0, 1], moe_layers=[0],
                           use_qk_norm=False, attn_temperature_tuning=False, attention_bias=True),
         matters={"attention_chunk_size": 64}),
    Case("glm4_moe", "Half of each head rotated, the first block dense.",
         LLAMA, llama_like("glm4_moe", **SIGMOID, head_dim=8, first_k_dense_replace=1), file_tensors=with_predictor(2),
         unread=("model.layers.2.",)),
    Case("glm4_moe-normed-heads", "Norms on heads, biases, groups, a scaling factor.",
         LLAMA, llama_like("glm4_moe", **SIGMOID, head_dim=8, first_k_dense_replace=0, use_qk_norm=True,
                           attention_bias=True, n_group=3, topk_group=1, routed_scaling_factor=2.0),
         matters={"topk_group": 3, "routed_scaling_factor": 1.0}),
    Case("glm4_moe_lite", "Latent attention; all blocks but the first have experts.",
         LLAMA, llama_like("glm4_moe_lite", **DEEPSEEK, rope_theta=100.0), file_tensors=with_predictor(2),
         unread=("model.layers.2.",), matters={"topk_group": 3}),
    Case("glm4_moe_lite-listed", "Blocks with experts as listed; no narrow vector for queries, rotated halves.",
         LLAMA, llama_like("glm4_moe_lite", **DEEPSEEK | {"q_lora_rank": None}, mlp_layer_types=["sparse", "dense"],
                           rope_interleave=False, rope_theta=100.0), matters={"rope_interleave": True}),
    Case("deepseek_v32", "An index that would choose more keys than there are.",
         LLAMA, llama_like("deepseek_v32", **INDEXED, rope_theta=100.0)),
    Case("glm_moe_dsa", "The same with blocks that share their index.",
         LLAMA, llama_like("glm_moe_dsa", **INDEXED, rope_theta=100.0, indexer_types=["full", "shared"])),
    Case("minimax_m2", "Sigmoids as scores with a correction, norms on all heads at once, half of each head rotated.",
         LLAMA, llama_like("minimax_m2", num_local_experts=5, num_experts_per_tok=2, head_dim=8, rotary_dim=4,
                           rope_theta=100.0)),
    Case("youtu", "Latent attention without experts; tied.",
         LLAMA, llama_like("youtu", ("tie_word_embeddings",), **LATENT_SIZES, rope_theta=100.0)),
    Case("solar_open", "Experts in every block, biases on queries, keys and values.",
         LLAMA, llama_like("solar_open", ("intermediate_size",), **SIGMOID, head_dim=8, attention_bias=True, n_group=3, topk_group=1,
                           routed_scaling_factor=2.0), matters={"topk_group": 3, "routed_scaling_factor": 1.0}),
    Case("exaone_moe", "Norms on heads; a window on three blocks of four, which alone rotate.",
         LLAMA, llama_like("exaone_moe", **SHARED, num_hidden_layers=4, sliding_window=4, sliding_window_pattern=4,
                           routed_scaling_factor=1.5), matters={"sliding_window": 64, "routed_scaling_factor": 1.0}),
    Case("hy_v3", "Norms on heads; all blocks but the first have experts.",
         LLAMA, llama_like("hy_v3", **SHARED, head_dim=8, router_scaling_factor=1.5, rope_theta=100.0),
         matters={"router_scaling_factor": 1.0}),
    Case("afmoe", "A gate on the attention, four norms a block, a scaled embedding; only blocks with a window rotate.",
         LLAMA, llama_like("afmoe", **SHARED, head_dim=8, num_hidden_layers=2, global_attn_every_n_layers=2, sliding_window=4,
                           num_dense_layers=1, route_scale=1.5, mup_enabled=True),
         matters={"sliding_window": 64, "route_scale": 1.0, "mup_enabled": False}),
    Case("afmoe-biases", "Biases of the attention, without the factor on the embedding.",
         LLAMA, llama_like("afmoe", **SHARED, head_dim=8, num_hidden_layers=2, global_attn_every_n_layers=2, sliding_window=4,
                           num_dense_layers=1, attention_bias=True)),
    Case("flex_olmo", "Norms behind the branches, norms on all heads at once; experts in every block.",
         LLAMA, llama_like("flex_olmo", pad_token_id=0, num_experts=5, num_experts_per_tok=2, rope_theta=100.0)),
    Case("dots1", "Norms on heads; a window from block 1 on.",
         LLAMA, llama_like("dots1", **SIGMOID, head_dim=8, sliding_window=4, max_window_layers=1, norm_topk_prob=True,
                           routed_scaling_factor=2.5),
         matters={"max_window_layers": 2, "norm_topk_prob": False}),
    Case("dots1-unshared", "Weights that do not add up to 1, biases.",
         LLAMA, llama_like("dots1", **SIGMOID, attention_bias=True, first_k_dense_replace=1)),
]
