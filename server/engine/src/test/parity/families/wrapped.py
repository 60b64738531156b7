"""Text models inside models that see: prompts are text, and the parts that see are in the file but not read."""

from .small import Case, Family, llama_like

TEXT = Family(blocks="model.language_model.layers", final_norm="model.language_model.norm", caps_logits=False)
SMOL = Family(blocks="model.text_model.layers", final_norm="model.text_model.norm")

LFM = Family(blocks=TEXT.blocks, final_norm="model.language_model.embedding_norm", caps_logits=False)

SIGLIP = {"hidden_size": 4, "image_size": 4, "intermediate_size": 4, "num_attention_heads": 1, "num_hidden_layers": 1,
          "patch_size": 4, "model_type": "siglip_vision_model"}
SMALL_EYE = {key: value for key, value in SIGLIP.items() if key != "model_type"}
GLM_EYE = {"depth": 1, "hidden_size": 8, "num_heads": 1, "in_channels": 1, "image_size": 4, "patch_size": 2,
           "spatial_merge_size": 1, "temporal_patch_size": 1, "out_hidden_size": 24, "intermediate_size": 4}
PIXTRAL = {"model_type": "pixtral", "hidden_size": 8, "head_dim": 8, "image_size": 4, "intermediate_size": 4,
           "num_attention_heads": 1, "num_hidden_layers": 1, "num_channels": 1, "patch_size": 4}
EYE = SMALL_EYE | {"num_channels": 1, "patch_size": 2}
MROPE = {"rope_type": "default", "rope_theta": 100.0, "mrope_section": [1, 1, 2]}
MOE = {"n_routed_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 12, "n_shared_experts": 1}
LATENT = {"num_key_value_heads": 3, "qk_nope_head_dim": 6, "qk_rope_head_dim": 4, "v_head_dim": 8, "kv_lora_rank": 10,
          "q_lora_rank": 14}
QWEN = {"depth": 1, "num_heads": 1, "patch_size": 2, "in_channels": 1, "spatial_merge_size": 1, "temporal_patch_size": 1}


def seeing(model_type: str, text: dict, vision: dict, **keys: object) -> dict:
    return {"model_type": model_type, "text_config": text, "vision_config": vision, "tie_word_embeddings": False} | keys


def old_names(tensors):
    """The names of the first files: the prefix is the other way round, and the head is inside."""
    return {("language_model." + name if name.startswith("lm_head.") else
             name.replace("model.language_model.", "language_model.model.") if "language_model." in name else
             name.removeprefix("model.")): tensor for name, tensor in tensors.items()}


CASES = [
    Case("llava", "Llama inside, under the names of the first files.",
         TEXT, seeing("llava", llama_like("llama"), SIGLIP), file_tensors=old_names),
    Case("llava-mistral", "Mistral with a window inside, under new names.",
         TEXT, seeing("llava", llama_like("mistral", sliding_window=4), SIGLIP)),
    Case("llava_next", "Qwen 2 inside.", TEXT, seeing("llava_next", llama_like("qwen2"), SIGLIP)),
    Case("llava_onevision", "Qwen 2 inside.", TEXT, seeing("llava_onevision", llama_like("qwen2"), SIGLIP)),
    Case("aya_vision", "Cohere 2 inside, whose logits are not scaled there.",
         TEXT, seeing("aya_vision", llama_like("cohere2", ("rms_norm_eps",), logit_scale=0.5, sliding_window=4,
                                               tie_word_embeddings=True), SIGLIP) | {"tie_word_embeddings": True}),
    Case("mistral3", "Ministral 3 inside, whose queries grow.",
         TEXT, seeing("mistral3", llama_like("ministral3", head_dim=8, rope_parameters={
             "rope_type": "yarn", "rope_theta": 1000.0, "factor": 4.0, "original_max_position_embeddings": 5,
             "llama_4_scaling_beta": 0.5}), PIXTRAL)),
    Case("mistral3-mistral4", "Mistral 4 inside: latent attention that grows, softmaxes as scores, groups of experts.",
         TEXT, seeing("mistral3", llama_like("mistral4", **LATENT, **MOE, n_group=3, topk_group=2, routed_scaling_factor=1.5,
                                             rope_parameters={
             "rope_type": "yarn", "rope_theta": 1000.0, "factor": 4.0, "original_max_position_embeddings": 5,
             "mscale": 1.0, "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.5}), PIXTRAL)),
    Case("internvl", "Qwen 3 inside.",
         TEXT, seeing("internvl", llama_like("qwen3", head_dim=8), SMALL_EYE | {
             "model_type": "internvl_vision", "image_size": [4, 4], "patch_size": [4, 4], "num_channels": 1})),
    Case("kimi_k25", "DeepSeek-V3 inside.",
         TEXT, seeing("kimi_k25", llama_like("deepseek_v3", **LATENT, **MOE, n_group=2, topk_group=1, first_k_dense_replace=1), {
             "model_type": "kimi_k25_vision", "patch_size": 2, "pos_emb_height": 2, "pos_emb_width": 2, "pos_emb_time": 1,
             "num_attention_heads": 1, "num_hidden_layers": 1, "hidden_size": 8, "intermediate_size": 4},
             projection_hidden_size=8),
         # As on the hub; transformers also renames these blocks when it saves.
         file_tensors=lambda tensors: {name.replace("language_model.model.blocks.", "language_model.model.layers."): tensor
                                       for name, tensor in tensors.items()}),
    Case("idefics3", "Llama inside.", SMOL, seeing("idefics3", llama_like("llama"), SMALL_EYE | {"model_type": "idefics3_vision"},
                                                  scale_factor=1)),
    Case("smolvlm", "Llama inside; tied.",
         SMOL, seeing("smolvlm", llama_like("llama", tie_word_embeddings=True), SMALL_EYE | {"model_type": "smolvlm_vision"},
                      scale_factor=1, tie_word_embeddings=True)),
    Case("qwen2_vl", "Keys of the text model at the top, as in the first files; positions of three kinds, equal in a text.",
         TEXT, llama_like("qwen2_vl", rope_scaling={"type": "mrope", "mrope_section": [1, 1, 2]},
                          vision_config=QWEN | {"embed_dim": 8, "hidden_size": 24, "mlp_ratio": 1}),
         file_tensors=lambda tensors: {
             name.replace("model.language_model.", "model.").replace("model.visual.", "visual."): tensor
             for name, tensor in tensors.items()}),
    Case("qwen2_5_vl", "A configuration of its own for the text model.",
         TEXT, seeing("qwen2_5_vl", llama_like("qwen2_5_vl_text", rope_theta=100.0, rope_scaling={
             "rope_type": "default", "mrope_section": [1, 1, 2]}),
                      QWEN | {"hidden_size": 8, "out_hidden_size": 24, "intermediate_size": 4, "window_size": 4,
                              "fullatt_block_indexes": [0]})),
    Case("qwen3_vl", "Norms on heads; the base of the class.",
         TEXT, seeing("qwen3_vl", llama_like("qwen3_vl_text", head_dim=8),
                      QWEN | {"hidden_size": 8, "out_hidden_size": 24, "intermediate_size": 4,
                              "num_position_embeddings": 4, "deepstack_visual_indexes": [0]})),
    Case("qwen3_vl_moe", "Experts in two tensors, outputs first.",
         TEXT, seeing("qwen3_vl_moe", llama_like("qwen3_vl_moe_text", num_experts=5, num_experts_per_tok=2,
                                                 moe_intermediate_size=10, mlp_only_layers=[0]),
                      QWEN | {"hidden_size": 8, "out_hidden_size": 24, "intermediate_size": 4,
                              "num_position_embeddings": 4, "deepstack_visual_indexes": [0]})),
    Case("qwen3_vl_moe-inputs-first", "The same as on the hub, inputs first.",
         TEXT, seeing("qwen3_vl_moe", llama_like("qwen3_vl_moe_text", head_dim=8, num_experts=4, num_experts_per_tok=2,
                                                 moe_intermediate_size=10, rope_theta=100.0),
                      QWEN | {"hidden_size": 8, "out_hidden_size": 24, "intermediate_size": 4,
                              "num_position_embeddings": 4, "deepstack_visual_indexes": [0]}),
         file_tensors=lambda tensors: {name: tensor.transpose(1, 2) if ".experts." in name else tensor
                                       for name, tensor in tensors.items()}),
    Case("glm4v", "GLM 4 inside: four norms, adjacent pairs, biases.",
         TEXT, seeing("glm4v", llama_like("glm4v_text", pad_token_id=0, rope_parameters=MROPE | {
             "partial_rotary_factor": 0.5, "mrope_section": [1, 1, 0]}), GLM_EYE)),
    Case("glm46v", "The same under another name; all of each head is rotated.",
         TEXT, seeing("glm46v", llama_like("glm4v_text", pad_token_id=0, rope_parameters=MROPE),
                      GLM_EYE | {"model_type": "glm4v_vision"})),
    Case("glm4v_moe", "Rotated halves, experts, biases by default.",
         TEXT, seeing("glm4v_moe", llama_like("glm4v_moe_text", **MOE, pad_token_id=0, head_dim=8, n_group=3, topk_group=1,
                                              routed_scaling_factor=1.5, rope_parameters=MROPE | {
             "partial_rotary_factor": 0.5, "mrope_section": [1, 1, 0]}), GLM_EYE)),
    Case("glm_ocr", "GLM 4 without biases, with heads of another size.",
         TEXT, seeing("glm_ocr", llama_like("glm_ocr_text", pad_token_id=0, head_dim=16, rope_parameters=MROPE | {
             "mrope_section": [2, 3, 3]}), GLM_EYE)),
    Case("cohere2_vision", "Cohere 2 inside, whose logits are not scaled there; tied by default.",
         TEXT, {key: value for key, value in seeing("cohere2_vision", llama_like(
             "cohere2", ("rms_norm_eps", "tie_word_embeddings"), logit_scale=0.5, sliding_window=4), SIGLIP, downsample_factor=1,
             alignment_intermediate_size=8).items() if key != "tie_word_embeddings"}),
    Case("llava_next_video", "Llama inside.", TEXT, seeing("llava_next_video", llama_like("llama"), SIGLIP)),
    Case("video_llava", "Llama inside, beside two towers.", TEXT, seeing("video_llava", llama_like("llama"), SIGLIP)),
    Case("vipllava", "Llama inside.", TEXT, seeing("vipllava", llama_like("llama"), SIGLIP, vision_feature_layers=[0])),
    Case("ovis2", "Qwen 2 inside.",
         TEXT, seeing("ovis2", llama_like("qwen2"), EYE | {"vocab_size": 8}, hidden_size=24, vocab_size=61,
                      visual_indicator_token_ids=[70, 71, 72, 73, 74])),
    Case("lighton_ocr", "Qwen 3 inside.",
         TEXT, seeing("lighton_ocr", llama_like("qwen3", head_dim=8), PIXTRAL, spatial_merge_size=1)),
    Case("lfm2_vl", "LFM2 inside.",
         LFM, seeing("lfm2_vl", llama_like("lfm2", ("rms_norm_eps", "hidden_act", "tie_word_embeddings"), norm_eps=1e-4,
                                            layer_types=["conv", "full_attention"], block_multiple_of=8),
                      {"model_type": "siglip2_vision_model", "hidden_size": 4, "intermediate_size": 4, "num_attention_heads": 1,
                       "num_hidden_layers": 1, "patch_size": 2, "num_patches": 4, "num_channels": 1},
                      projector_hidden_size=4, downsample_factor=1)),
    Case("deepseek_vl", "Llama inside.", TEXT, seeing("deepseek_vl", llama_like("llama"), SIGLIP)),
    Case("janus", "Llama inside, beside a tower that sees and parts that draw.",
         TEXT, seeing("janus", llama_like("llama"), {
             "hidden_size": 4, "num_hidden_layers": 1, "num_attention_heads": 1, "num_channels": 1, "image_size": 4,
             "patch_size": 2, "mlp_ratio": 1, "projection_dim": 24, "depth": 1}, vq_config={
             "base_channels": 32, "channel_multiplier": [1], "num_res_blocks": 1, "latent_channels": 32, "num_embeddings": 4,
             "in_channels": 1, "out_channels": 1, "projection_dim": 8, "num_hidden_layers": 1, "image_token_embed_dim": 8}),
         absent=("model.vqmodel.encoder", "model.vqmodel.decoder")),
    Case("got_ocr2", "Qwen 2 inside.",
         TEXT, seeing("got_ocr2", llama_like("qwen2"), {
             "hidden_size": 4, "output_channels": 4, "num_hidden_layers": 1, "num_attention_heads": 1, "num_channels": 1,
             "image_size": 8, "patch_size": 4, "mlp_dim": 4, "window_size": 2, "global_attn_indexes": [0]})),
    Case("exaone4_5", "EXAONE 4 inside.",
         TEXT, seeing("exaone4_5", llama_like("exaone4", num_hidden_layers=4, sliding_window=4, sliding_window_pattern=4),
                      QWEN | {"hidden_size": 8, "out_hidden_size": 24, "intermediate_size": 4, "window_size": 4,
                              "fullatt_block_indexes": [0], "num_key_value_heads": 1})),
    Case("video_llama_3", "Qwen 2 inside.",
         TEXT, seeing("video_llama_3", llama_like("qwen2"), EYE | {"hidden_size": 8})),
    Case("hyperclovax_vision_v2", "HyperCLOVA X inside, with its factor on the logits.",
         Family(blocks=TEXT.blocks, final_norm=TEXT.final_norm, multiplies_logits=True),
         seeing("hyperclovax_vision_v2", llama_like("hyperclovax", logits_scaling=0.3),
                QWEN | {"model_type": "qwen2_5_vl_vision", "hidden_size": 8, "out_hidden_size": 24, "intermediate_size": 4,
                        "window_size": 4, "fullatt_block_indexes": [0]})),
    Case("aria", "Aria's own text model inside.",
         TEXT, seeing("aria", llama_like("aria_text", moe_num_experts=4, moe_topk=2, moe_num_shared_experts=1),
                      SMALL_EYE | {"model_type": "idefics3_vision"}, projector_patch_to_query_dict={"1": 1})),
    Case("paddleocr_vl", "ERNIE 4.5 with rotated halves; keys of the text model at the top, as on the hub.",
         TEXT, llama_like("paddleocr_vl", head_dim=8, use_bias=True, rope_parameters=MROPE,
                          vision_config=EYE | {"hidden_size": 8, "spatial_merge_size": 1})),
    Case("hunyuan_vl", "Hunyuan inside, with positions of four kinds; the base times a power of alpha.",
         TEXT, seeing("hunyuan_vl", llama_like("hunyuan_vl_text", head_dim=8, rope_parameters={
             "rope_type": "xdrope", "rope_theta": 100.0, "alpha": 50.0, "factor": 1.0, "xdrope_section": [1, 1, 1, 1]}), {
             "hidden_size": 8, "intermediate_size": 4, "num_attention_heads": 1, "num_channels": 1, "num_hidden_layers": 1,
             "out_hidden_size": 24, "patch_size": 2, "spatial_merge_size": 1, "img_max_token_num": 4, "max_image_size": 4,
             "min_image_size": 2, "max_vit_seq_len": 16})),
    Case("granite4_vision", "Granite inside, with its factor on the logits.",
         Family(blocks=TEXT.blocks, final_norm=TEXT.final_norm),
         seeing("granite4_vision", llama_like("granite4_vision_text", embedding_multiplier=3.0, residual_multiplier=0.4,
                                              attention_multiplier=0.25, logits_scaling=4.0),
                SIGLIP | {"hidden_size": 64}, downsample_rate="1/1", deepstack_layer_map=[[0, 0]], spatial_target_layers=[],
                qformer_config={"model_type": "blip_2_qformer", "num_hidden_layers": 1, "intermediate_size": 4,
                                "cross_attention_frequency": 1, "max_position_embeddings": 4, "use_qformer_text_input": False}),
         absent=("model.vision_tower", "model.layerwise_projectors", "model.spatial_projectors")),
    Case("emu3", "Llama inside, beside a part that draws.",
         Family(blocks="model.text_model.layers", final_norm="model.text_model.norm", caps_logits=False),
         {key: value for key, value in seeing("emu3", llama_like("emu3_text_model", pad_token_id=0, rope_theta=100.0), {}, vq_config={
             "base_channels": 32, "channel_multiplier": [1], "num_res_blocks": 1, "latent_channels": 32, "codebook_size": 4,
             "embed_dim": 4, "attn_resolutions": [], "temporal_downsample_factor": 1, "hidden_size": 32},
             vocabulary_map={"<image>": 1}).items() if key != "vision_config"},
         absent=("model.vqmodel", "vqmodel")),
    Case("phi4_multimodal", "Phi 3 with parts that see and hear beside the embedding.",
         Family(blocks="model.layers", final_norm="model.norm"),
         llama_like("phi4_multimodal", pad_token_id=0, sliding_window=4, vision_config=SMALL_EYE | {
             "num_hidden_layers": 2, "crop_size": 4, "num_channels": 1}, audio_config={
             "hidden_size": 8, "intermediate_size": 4, "num_blocks": 2, "num_attention_heads": 1, "ext_pw_out_channel": 8,
             "depthwise_separable_out_channel": 8, "nemo_conv_channels": 4, "input_size": 8, "time_reduction": 2}),
         matters={"sliding_window": None}),
    Case("llama4", "Llama 4's text model inside, under the names of the hub.",
         Family(blocks="language_model.model.layers", final_norm="language_model.model.norm", caps_logits=False),
         seeing("llama4", llama_like("llama4_text", head_dim=8, attention_chunk_size=4, intermediate_size_mlp=18,
                                     num_local_experts=4, num_experts_per_tok=1, floor_scale=2, num_hidden_layers=4), {
             "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 4, "num_channels": 1,
             "image_size": 4, "patch_size": 2, "vision_output_dim": 4, "projector_input_dim": 4, "projector_output_dim": 4,
             "pixel_shuffle_ratio": 0.5})),
    Case("lfm3_vl", "LFM3 inside.",
         LFM, seeing("lfm3_vl", llama_like("lfm3", ("rms_norm_eps", "hidden_act", "tie_word_embeddings"), norm_eps=1e-4,
                                            num_hidden_layers=3, head_dim=8, sliding_window=4, pad_token_id=0,
                                            layer_types=["conv", "sliding_attention", "full_attention"]),
                      {"hidden_size": 8, "intermediate_size": 4, "in_channels": 1, "patch_size": 2, "spatial_merge_size": 1,
                       "temporal_patch_size": 1, "num_hidden_layers": 1, "num_attention_heads": 1, "num_key_value_heads": 1,
                       "conv_kernel_size": 1}, projector_hidden_size=4)),
]
