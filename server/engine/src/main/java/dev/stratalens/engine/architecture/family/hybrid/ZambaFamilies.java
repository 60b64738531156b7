package dev.stratalens.engine.architecture.family.hybrid;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.BlockKinds;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.mixer.Mamba2;
import dev.stratalens.engine.architecture.mixer.SharedTransformer;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Zamba 2: a state space in every block; in some, a transformer before it, whose weights several blocks share. */
public final class ZambaFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("zamba2", ZambaFamilies::zamba2);

    private static final List<Integer> USUAL = List.of(6, 12, 18, 24, 30, 36, 42, 47, 51);

    private ZambaFamilies() {}

    private static ArchitectureBuilder zamba2(HfConfig file) {
        HfConfig config = file.withUsualNames(Map.of("layers_block_type", "layer_types"));
        Reading.refuse(config, "use_long_context", true);
        Reading.refuse(config, "add_bias_linear", true);
        Extents usual = Extents.of(config, 4096);
        int size = 2 * usual.hidden() / usual.heads();
        Mamba2Sizes sizes =
                Mamba2Sizes.of(config.withDefaults(Map.of("mamba_n_heads", 8, "mamba_d_state", 64)), usual.hidden());
        Mamba2 mixer = sizes.mixerOfLeastStep(config, 1e-5);
        int taps = config.integer("mamba_d_conv", 4);
        IntPredicate hybrid = BlockKinds.of(
                config, "layer_types", List.of("hybrid"), List.of("mamba", "linear_attention"), USUAL::contains);
        var rope = Optional.of(Reading.theta(config, 10_000)).filter(some -> config.bool("use_mem_rope", false));
        ArchitectureBuilder builder = LlamaFamilies.named(config, usual.withHeadSize(size))
                .norm(Slot.FINAL_NORM, "final_layernorm")
                .epsilonByDefault(1e-5)
                .activation(Activation.of(config, "hidden_act", "gelu"))
                .attentionScale(block -> Math.sqrt(2.0 / size))
                .rotary(block -> rope)
                .tiedByDefault(true)
                .feedForward(block -> false)
                .carryingEmbedding("embed_tokens")
                .usualMixer(attention -> new SharedTransformer(attention, mixer))
                .mixer(hybrid.negate(), mixer, sizes.weights("layers.{}.mamba.", taps, true, false))
                .ignore("layers\\.\\d+\\.shared_transformer\\..*");
        MixerWeights states = sizes.weights("layers.{}.mamba_decoder.mamba.", taps, true, false);
        return builder.differing(hybrid, states, Slot.ATTENTION_NORM)
                .differing(hybrid, shared(config, builder.extents(), hybrid));
    }

    /** The reference shares these weights only together with those of the embedding and the head. */
    private static IntFunction<MixerWeights> shared(HfConfig config, Extents sizes, IntPredicate hybrid) {
        List<Integer> blocks =
                IntStream.range(0, sizes.blocks()).filter(hybrid).boxed().toList();
        int rank = config.integer("adapter_rank", 128);
        int attentionRank = config.bool("use_shared_attention_adapter", false) ? rank : 0;
        boolean sharing = config.outer().bool("tie_word_embeddings", true);
        return new SharedTransformer.Widths(
                        sizes.hidden(), sizes.queryWidth(), sizes.keyValueWidth(), sizes.inner(), rank, attentionRank)
                .inTurn(blocks, sharing ? config.integer("num_mem_blocks", 1) : blocks.size());
    }
}
