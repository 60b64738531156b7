package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Gemma: norm weights minus 1, and a scaled embedding that is also the head. Files leave out class defaults. */
public final class GemmaFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "gemma", GemmaFamilies::gemma,
            "gemma2", GemmaFamilies::gemma2,
            "gemma3", GemmaFamilies::gemma3,
            "gemma3_text", GemmaFamilies::gemma3Text,
            "vaultgemma", GemmaFamilies::vaultgemma);

    private static final String BIDIRECTIONAL = "use_bidirectional_attention";
    private static final String TANH = "gelu_pytorch_tanh";
    private static final int WINDOW = 4096;

    private GemmaFamilies() {}

    private static ArchitectureBuilder gemma(HfConfig config) {
        Reading.refuse(config, BIDIRECTIONAL, true);
        // The first files say "gelu" but mean its tanh form, as transformers' class does.
        Activation activation = Activation.of(config, "hidden_act", TANH);
        return base(config, Extents.of(config, 8192).keyValueHeadsByDefault(config, 16), activation);
    }

    private static ArchitectureBuilder gemma2(HfConfig config) {
        Reading.refuse(config, BIDIRECTIONAL, true);
        Extents extents = Extents.of(config, 8192).keyValueHeadsByDefault(config, 4);
        return sandwiched(base(config, extents, Activation.of(config, "hidden_activation", TANH)))
                .attentionSoftcap(Reading.softcap(config, "attn_logit_softcapping", 50))
                .head(new HeadForm(1, Reading.softcap(config, "final_logit_softcapping", 30)))
                .window(Windows.of(config, Windows.size(config, WINDOW), block -> block % 2 == 0));
    }

    /** Gemma 2 without norms behind the branches. */
    private static ArchitectureBuilder vaultgemma(HfConfig config) {
        return gemma2(config).without(Slot.ATTENTION_OUTPUT_NORM).without(Slot.FEED_FORWARD_OUTPUT_NORM);
    }

    private static ArchitectureBuilder gemma3Text(HfConfig config) {
        IntPredicate windowed = Windows.windowed(config, Windows.butEvery(Windows.pattern(config, 6)));
        ArchitectureBuilder builder =
                sandwiched(base(config, textExtents(config), Activation.of(config, "hidden_activation", TANH)));
        Reading.refuse(config, BIDIRECTIONAL, true);
        return LlamaFamilies.normedHeads(builder)
                .rotary(localRopes(config, windowed))
                .attentionSoftcap(Reading.softcap(config, "attn_logit_softcapping", 0))
                .head(new HeadForm(1, Reading.softcap(config, "final_logit_softcapping", 0)))
                .window(Windows.of(config, Windows.size(config, WINDOW), windowed));
    }

    /** Blocks with a window rotate with a separate base, without scaling. */
    public static IntFunction<Optional<RopeParameters>> localRopes(HfConfig config, IntPredicate windowed) {
        RopeParameters full =
                RopeParameters.ofLayerType(config, "full_attention", RopeParameters.Defaults.theta(1_000_000));
        double localTheta = config.number("rope_local_base_freq", 10_000);
        RopeParameters local = config.object("rope_parameters").isPresent()
                ? RopeParameters.ofLayerType(config, "sliding_attention", RopeParameters.Defaults.theta(localTheta))
                : RopeParameters.unscaled(localTheta);
        return block -> Optional.of(windowed.test(block) ? local : full);
    }

    /** The text model of a vision model; its forward pass leaves out the last softcap. */
    private static ArchitectureBuilder gemma3(HfConfig config) {
        return gemma3Text(config)
                .prefixes("language_model.model.", "model.language_model.", "language_model.", "model.")
                .head(HeadForm.USUAL)
                .ignore("(vision_tower|multi_modal_projector)\\..*");
    }

    private static Extents textExtents(HfConfig config) {
        return new Extents(
                config.integer("num_hidden_layers", 26),
                config.integer("hidden_size", 2304),
                config.integer("num_attention_heads", 8),
                config.integer("num_key_value_heads", 4),
                config.integer("head_dim", 0),
                config.integer("intermediate_size", 9216),
                config.integer("vocab_size", 262_208),
                config.integer("hidden_size", 2304),
                config.integer("max_position_embeddings", 131_072));
    }

    private static ArchitectureBuilder base(HfConfig config, Extents extents, Activation activation) {
        return LlamaFamilies.named(config, extents)
                .attentionBiasByDefault(false)
                .headSizeByDefault(256)
                .norm(NormKind.RMS_NORM_1P, config.number("rms_norm_eps", 1e-6))
                .activation(activation == Activation.GELU ? Activation.GELU_TANH : activation)
                .embeddingMultiplier(Math.sqrt(extents.hidden()))
                .tiedByDefault(true);
    }

    /** Norms before and after the branches, and a scale that does not follow from the head size. */
    private static ArchitectureBuilder sandwiched(ArchitectureBuilder builder) {
        double scale = 1 / Math.sqrt(builder.config().number("query_pre_attn_scalar", 256));
        return builder.attentionScale(block -> scale)
                .norm(Slot.ATTENTION_OUTPUT_NORM, "layers.{}.post_attention_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, "layers.{}.pre_feedforward_layernorm")
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "layers.{}.post_feedforward_layernorm");
    }
}
