package dev.stratalens.engine.architecture.family;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.family.dense.GraniteFamilies;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.dense.MistralFamilies;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.TextInside;
import dev.stratalens.engine.architecture.family.mixture.DeepseekFamilies;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Text models inside models that see. The parts that see are known by name, and left out: prompts are text. */
public final class WrappedFamilies {

    static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.ofEntries(
            Map.entry("aria", WrappedFamilies::seeing),
            Map.entry("aya_vision", WrappedFamilies::seeing),
            Map.entry("cohere2_vision", WrappedFamilies::seeing),
            Map.entry("deepseek_vl", WrappedFamilies::seeing),
            Map.entry("emu3", WrappedFamilies::seeing),
            Map.entry("exaone4_5", WrappedFamilies::seeing),
            Map.entry("glm46v", WrappedFamilies::seeing),
            Map.entry("glm4v", WrappedFamilies::seeing),
            Map.entry("glm4v_moe", WrappedFamilies::seeing),
            Map.entry("glm_ocr", WrappedFamilies::seeing),
            Map.entry("got_ocr2", WrappedFamilies::seeing),
            Map.entry("granite4_vision", WrappedFamilies::scaled),
            Map.entry("hunyuan_vl", WrappedFamilies::seeing),
            Map.entry("hyperclovax_vision_v2", WrappedFamilies::scaled),
            Map.entry("idefics3", WrappedFamilies::seeing),
            Map.entry("internvl", WrappedFamilies::seeing),
            Map.entry("janus", WrappedFamilies::seeing),
            Map.entry("kimi_k25", WrappedFamilies::seeing),
            Map.entry("lfm2_vl", WrappedFamilies::seeing),
            Map.entry("lfm3_vl", WrappedFamilies::seeing),
            Map.entry("lighton_ocr", WrappedFamilies::seeing),
            Map.entry("llava", WrappedFamilies::seeing),
            Map.entry("llava_next", WrappedFamilies::seeing),
            Map.entry("llava_next_video", WrappedFamilies::seeing),
            Map.entry("llava_onevision", WrappedFamilies::seeing),
            Map.entry("mistral3", WrappedFamilies::seeing),
            Map.entry("ovis2", WrappedFamilies::seeing),
            Map.entry("paddleocr_vl", WrappedFamilies::seeing),
            Map.entry("phi4_multimodal", WrappedFamilies::phi4),
            Map.entry("qwen2_5_vl", WrappedFamilies::qwen2),
            Map.entry("qwen2_vl", WrappedFamilies::qwen2),
            Map.entry("qwen3_vl", WrappedFamilies::qwen3),
            Map.entry("qwen3_vl_moe", WrappedFamilies::seeing),
            Map.entry("smolvlm", WrappedFamilies::seeing),
            Map.entry("video_llama_3", WrappedFamilies::seeing),
            Map.entry("video_llava", WrappedFamilies::seeing),
            Map.entry("vipllava", WrappedFamilies::seeing));

    /** Text models that exist only inside others, by their types. */
    private static final Map<String, Function<HfConfig, ArchitectureBuilder>> TEXT = Map.ofEntries(
            Map.entry("emu3_text_model", WrappedFamilies::emu3),
            Map.entry("exaone4_5_text", config -> Architectures.row("exaone4").apply(config)),
            Map.entry("glm4v_moe_text", WrappedFamilies::glmMixture),
            Map.entry("glm4v_text", WrappedFamilies::glm),
            Map.entry("glm_ocr_text", WrappedFamilies::glmOcr),
            Map.entry("granite4_vision_text", GraniteFamilies::granite),
            Map.entry("hunyuan_vl_text", WrappedFamilies::hunyuan),
            Map.entry("kimi_k2", config -> Architectures.row("deepseek_v3").apply(config)),
            Map.entry("mistral4", DeepseekFamilies::mistral4),
            Map.entry("paddleocr_vl_text", WrappedFamilies::paddle),
            Map.entry("qwen3_vl_moe_text", WrappedFamilies::qwen3Mixture));

    /** Models whose first files have the keys of the text model at the top. */
    private static final Map<String, String> FLAT =
            Map.of("hunyuan_vl", "hunyuan_vl_text", "paddleocr_vl", "paddleocr_vl_text");

    /** Models whose heads are tied by default. */
    private static final Set<String> TIED = Set.of(
            "cohere2_vision",
            "deepseek_vl",
            "got_ocr2",
            "hunyuan_vl",
            "hyperclovax_vision_v2",
            "janus",
            "kimi_k25",
            "lfm2_vl",
            "lfm3_vl",
            "lighton_ocr",
            "ovis2",
            "paddleocr_vl");

    /** Class defaults that the first files of LLaVA leave out. */
    private static final Map<String, Map<String, Integer>> SIZES = Map.of(
            "llama", sizes(11_008),
            "mistral", sizes(14_336));

    private WrappedFamilies() {}

    private static Map<String, Integer> sizes(int inner) {
        return Map.of(
                "hidden_size", 4096,
                "intermediate_size", inner,
                "num_hidden_layers", 32,
                "num_attention_heads", 32,
                "vocab_size", 32_000);
    }

    /** Any family inside. The forward pass of these models leaves out the factor and the softcap on the logits. */
    private static ArchitectureBuilder seeing(HfConfig config) {
        return scaled(config).head(HeadForm.USUAL);
    }

    /** Any family inside, with its factor on the logits. */
    private static ArchitectureBuilder scaled(HfConfig config) {
        String inner = inner(config);
        HfConfig whole = config.withDefaults(SIZES.getOrDefault(inner, Map.of()));
        Function<HfConfig, ArchitectureBuilder> own = TEXT.get(inner);
        ArchitectureBuilder text = TextInside.named((own == null ? Architectures.row(inner) : own).apply(whole));
        // Where the keys are at the top, that of the head is read as the text model's, and the wrapper's is the
        // default.
        return config.outer().has("text_config")
                ? text.tiedOutsideByDefault(TIED.contains(config.modelType()))
                : text.tied();
    }

    /** The type of the text model, which is in its own configuration. */
    private static String inner(HfConfig config) {
        String flat = FLAT.getOrDefault(config.modelType(), "none");
        String inner = config.outer().has("text_config") ? config.string("model_type") : flat;
        if (ROWS.containsKey(inner) || inner.equals("none")) {
            throw config.outer().invalid("text_config", inner, "the configuration of a text model");
        }
        return inner;
    }

    private static ArchitectureBuilder emu3(HfConfig config) {
        return LlamaFamilies.base(config)
                .keyValueHeadsByDefault(8)
                .epsilonByDefault(1e-5)
                .rotary(Reading.theta(config, 1_000_000));
    }

    private static ArchitectureBuilder glm(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.glm4(config);
        return builder.extents(builder.extents().withHeadSize(0))
                .epsilonByDefault(1e-5)
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.USUAL))
                .bias(true, Slot.QUERY_KEY_VALUE);
    }

    private static ArchitectureBuilder glmOcr(HfConfig config) {
        ArchitectureBuilder builder = glm(config).keyValueHeadsByDefault(8);
        return builder.extents(builder.extents().withHeadSize(config.integer("head_dim", 0)))
                .bias(false, Slot.QUERY_KEY_VALUE)
                .ignore("layers\\." + builder.extents().blocks() + "\\..*");
    }

    private static ArchitectureBuilder hunyuan(HfConfig config) {
        return LlamaFamilies.hunyuan(config.withUsualNames(Map.of("attention_head_dim", "head_dim")));
    }

    private static ArchitectureBuilder glmMixture(HfConfig config) {
        return DeepseekFamilies.glm(config).bias(config.bool("attention_bias", true), Slot.QUERY_KEY_VALUE);
    }

    private static ArchitectureBuilder paddle(HfConfig config) {
        return LlamaFamilies.ernie(config).rotaryPairs(RotaryPairs.HALVES);
    }

    private static ArchitectureBuilder phi4(HfConfig config) {
        return LlamaFamilies.phi3(config).keyValueHeadsByDefault(8).ignore("embed_tokens_extend\\..*");
    }

    /** Experts in two tensors for all, in either order. */
    private static ArchitectureBuilder qwen3Mixture(HfConfig config) {
        Experts experts = Experts.of(config, 60, 4);
        String folder = "layers.{}.mlp.experts.";
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(false);
        return builder.with(LlamaFamilies::normedHeads)
                .keyValueHeadsByDefault(16)
                .rotary(Reading.theta(config, 500_000))
                .mixture(new Mixture(
                        Experts.everySparseStep(config),
                        experts.router(Router.Scoring.SOFTMAX, true),
                        experts.weights(config.integer(Experts.INNER, 1408))
                                .router("layers.{}.mlp.gate")
                                .stacked(folder + "gate_up_proj", folder + "down_proj")
                                .stackedTransposed(folder + "gate_up_proj", folder + "down_proj")));
    }

    /** With text alone, positions count tokens, as in any other model. */
    private static ArchitectureBuilder qwen2(HfConfig config) {
        return TextInside.named(MistralFamilies.qwen2(config)
                .keyValueHeadsByDefault(8)
                .epsilonByDefault(1e-5)
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.theta(1_000_000))));
    }

    private static ArchitectureBuilder qwen3(HfConfig config) {
        return TextInside.named(MistralFamilies.qwen3(config)
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.theta(500_000))));
    }
}
