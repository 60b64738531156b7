package dev.stratalens.engine.architecture.family.dense;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Granite: Llama with factors on embedding, branches, scores and logits. */
public final class GraniteFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "granite", GraniteFamilies::granite,
            "granite_swa", GraniteFamilies::windowed,
            "hyperclovax", GraniteFamilies::hyperClova);

    private GraniteFamilies() {}

    public static ArchitectureBuilder granite(HfConfig config) {
        double scale = config.number("attention_multiplier", 1);
        return LlamaFamilies.llama(config)
                .embeddingMultiplier(config.number("embedding_multiplier", 1))
                .residualMultiplier(config.number("residual_multiplier", 1))
                .attentionScale(block -> scale)
                .head(new HeadForm(1 / config.number("logits_scaling", 1), 0));
    }

    private static ArchitectureBuilder windowed(HfConfig config) {
        return withSinks(granite(config))
                .keyValueHeadsByDefault(4)
                .epsilonByDefault(1e-5)
                .tiedByDefault(true);
    }

    /** Each block has a base of its own; 0 means that it does not rotate. */
    public static ArchitectureBuilder withSinks(ArchitectureBuilder builder) {
        HfConfig config = builder.config();
        RopeParameters rope = Reading.theta(config, 10_000);
        int blocks = builder.extents().blocks();
        Optional<List<Double>> bases = Reading.ofBlocks(config, "layer_rope_theta", blocks);
        return builder.rotary(
                        block -> Optional.of(bases.map(all -> all.get(block)).orElse(rope.theta()))
                                .filter(theta -> theta != 0)
                                .map(theta -> new RopeParameters(theta, rope.partialRotaryFactor(), rope.scaling())))
                .window(Windows.of(config, Windows.size(config, 128), block -> block % 4 != 0))
                .blockTensor(Slot.ATTENTION_SINKS, WeightSource.whole("layers.{}.self_attn.sinks", (long)
                        builder.extents().heads()));
    }

    /** Norms behind the branches; the scaling of the logits is a factor, not a divisor. */
    private static ArchitectureBuilder hyperClova(HfConfig config) {
        ArchitectureBuilder builder = granite(config).head(new HeadForm(config.number("logits_scaling", 1), 0));
        double usual = 1 / Math.sqrt(builder.extents().checked(config).headSize());
        double scale = config.number("attention_multiplier", usual);
        builder.attentionScale(block -> scale);
        return config.bool("use_post_norm", true)
                ? builder.norm(Slot.ATTENTION_OUTPUT_NORM, "layers.{}.post_norm1")
                        .norm(Slot.FEED_FORWARD_OUTPUT_NORM, "layers.{}.post_norm2")
                : builder;
    }
}
