package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.BlockKinds;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.TextInside;
import dev.stratalens.engine.architecture.mixer.Attention.Growth;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Llama 4: most blocks rotate, and see only their own stretch of the prompt; the others see all of it. An expert reads the
 * token times its score.
 */
public final class Llama4Families {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("llama4", Llama4Families::seeing, "llama4_text", Llama4Families::text);

    private static final String FEED_FORWARD = "layers.{}.feed_forward.";

    private Llama4Families() {}

    private static ArchitectureBuilder seeing(HfConfig config) {
        return TextInside.named(text(config)).tiedOutsideByDefault(false);
    }

    private static ArchitectureBuilder text(HfConfig config) {
        Optional<List<Double>> listed = config.optionalNumbers("no_rope_layers").filter(list -> !list.isEmpty());
        int interval = config.integer("no_rope_layer_interval", 4);
        IntPredicate rotates = listed.<IntPredicate>map(list -> block -> list.get(block) != 0)
                .orElse(block -> (block + 1) % interval != 0);
        IntPredicate stretches =
                BlockKinds.of(config, "layer_types", List.of("chunked_attention"), List.of("full_attention"), rotates);
        RopeParameters rope = Reading.theta(config, 500_000);
        Optional<Growth> growth = config.bool("attn_temperature_tuning", true)
                ? Optional.of(new Growth(config.number("attn_scale", 0.1), config.integer("floor_scale", 8192), 1))
                : Optional.empty();
        ArchitectureBuilder builder = LlamaFamilies.base(config)
                .attentionBiasByDefault(false)
                .keyValueHeadsByDefault(8)
                .headSizeByDefault(128)
                .epsilonByDefault(1e-5)
                .rotary(block -> Optional.of(rope).filter(some -> rotates.test(block)))
                .rotaryPairs(RotaryPairs.ADJACENT)
                .attentionChunk(config.names("attention_chunk_size") ? config.integer("attention_chunk_size", 0) : 8192)
                .usualMixers(attention -> {
                    Mixer overAll = attention.overAll(growth);
                    return block -> rotates.test(block) ? attention : overAll;
                })
                .renamed("layers.{}.mlp.", FEED_FORWARD);
        for (int block = 0; block < builder.extents().blocks(); block++) {
            if (stretches.test(block) != rotates.test(block)) {
                throw config.unsupported("layer_types", "another list than no_rope_layers", "the same blocks");
            }
        }
        if (config.bool("use_qk_norm", true)) {
            builder.unweightedQueryKeyNorm(QueryKeyNorm.EACH_ROTATED_HEAD);
        }
        int inner = config.integer("intermediate_size", 8192);
        return builder.extents(builder.extents().withInner(config.integer("intermediate_size_mlp", 16_384)))
                .mixture(mixture(config, inner));
    }

    private static Mixture mixture(HfConfig config, int inner) {
        Experts experts = Experts.of(config, 16, 1);
        int step = config.integer("interleave_moe_layer_step", 1);
        Optional<List<Double>> listed = config.optionalNumbers("moe_layers");
        return new Mixture(
                block -> listed.map(list -> list.contains((double) block)).orElse(block % step == step - 1),
                experts.router(Scoring.SIGMOID_OF_CHOSEN, false).weighingInputs(),
                experts.weights(inner)
                        .router(FEED_FORWARD + "router")
                        .stackedTransposed(FEED_FORWARD + "experts.gate_up_proj", FEED_FORWARD + "experts.down_proj")
                        .shared(FEED_FORWARD + "shared_expert", inner));
    }
}
