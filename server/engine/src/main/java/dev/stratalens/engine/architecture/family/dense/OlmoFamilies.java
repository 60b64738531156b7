package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** OLMo, which moved its norms after the branches, and EXAONE 4, which did the same. */
public final class OlmoFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "exaone4", OlmoFamilies::exaone4,
            "flex_olmo", OlmoFamilies::flexOlmo,
            "olmo", OlmoFamilies::olmo,
            "olmo2", OlmoFamilies::olmo2,
            "olmo3", OlmoFamilies::olmo3);

    private static final int WINDOW = 4096;
    private static final double OLMO3_THETA = 500_000;

    private OlmoFamilies() {}

    /** Norms without parameters, which are not in the file. */
    private static ArchitectureBuilder olmo(HfConfig config) {
        return LlamaFamilies.base(config)
                .attentionBiasByDefault(false)
                .norm(NormKind.LAYER_NORM, 1e-5)
                .unweightedNorm(Slot.ATTENTION_NORM)
                .unweightedNorm(Slot.FEED_FORWARD_NORM)
                .unweightedNorm(Slot.FINAL_NORM)
                .clip(config.number("clip_qkv", 0));
    }

    public static ArchitectureBuilder olmo2(HfConfig config) {
        return normsBehind(LlamaFamilies.base(config).attentionBiasByDefault(false))
                .epsilonByDefault(1e-5)
                .queryKeyNorm(QueryKeyNorm.ALL_HEADS, "layers.{}.self_attn.q_norm", "layers.{}.self_attn.k_norm");
    }

    /** With experts in every block. */
    private static ArchitectureBuilder flexOlmo(HfConfig config) {
        ArchitectureBuilder builder = olmo2(config);
        Experts experts = Experts.of(config, 7, 5);
        return builder.epsilonByDefault(1e-6)
                .rotary(Reading.theta(config, 500_000))
                .mixture(new Mixture(
                        block -> true,
                        experts.softmax(false),
                        experts.usual(builder.extents().inner())));
    }

    /** Old keys give theta and scaling of the blocks without a window; the others use the class's theta. */
    private static ArchitectureBuilder olmo3(HfConfig config) {
        IntPredicate windowed = Windows.windowed(config, Windows.butEvery(4));
        boolean newKeys = config.has("rope_parameters");
        RopeParameters full =
                RopeParameters.ofLayerType(config, "full_attention", RopeParameters.Defaults.theta(OLMO3_THETA));
        RopeParameters sliding = newKeys
                ? RopeParameters.ofLayerType(config, "sliding_attention", RopeParameters.Defaults.theta(OLMO3_THETA))
                : RopeParameters.unscaled(OLMO3_THETA);
        return olmo2(config)
                .rotary(block -> Optional.of(windowed.test(block) ? sliding : full))
                .window(Windows.of(config, Windows.size(config, WINDOW), windowed));
    }

    /** Blocks without a window do not rotate, unless no block has a window. */
    private static ArchitectureBuilder exaone4(HfConfig config) {
        int size = Windows.size(config, WINDOW);
        IntPredicate windowed = Windows.windowed(config, Windows.butEvery(Windows.pattern(config, 4)));
        RopeParameters rope = RopeParameters.of(config, RopeParameters.Defaults.USUAL);
        ArchitectureBuilder builder = normsBehind(LlamaFamilies.base(config));
        builder.keyValueHeadsByDefault(32);
        return builder.with(LlamaFamilies::normedHeads)
                .epsilonByDefault(1e-5)
                .rotary(block -> size == 0 || windowed.test(block) ? Optional.of(rope) : Optional.empty())
                .window(Windows.of(config, size, windowed));
    }

    private static ArchitectureBuilder normsBehind(ArchitectureBuilder builder) {
        return builder.without(Slot.ATTENTION_NORM)
                .without(Slot.FEED_FORWARD_NORM)
                .norm(Slot.ATTENTION_OUTPUT_NORM, "layers.{}.post_attention_layernorm")
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "layers.{}.post_feedforward_layernorm");
    }
}
