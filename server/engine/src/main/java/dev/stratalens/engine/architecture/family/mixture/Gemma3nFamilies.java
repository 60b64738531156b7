package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.family.dense.GemmaFamilies;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.TextInside;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.stream.AltUp;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Gemma 3n: several residual streams, a learned way past each attention, sparse feed-forwards; as in Gemma 4, vectors of the token
 * for each block, and keys and values of earlier blocks.
 */
public final class Gemma3nFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("gemma3n", Gemma3nFamilies::seeing, "gemma3n_text", Gemma3nFamilies::text);

    private static final String LAYER = "layers.{}.";
    private static final String ALTUP = LAYER + "altup.";
    private static final double SPARSE = 0.95;

    private Gemma3nFamilies() {}

    private static ArchitectureBuilder text(HfConfig config) {
        HfConfig whole = config.withDefaults(Map.of(
                "num_hidden_layers", 35,
                "num_kv_shared_layers", 15,
                "num_key_value_heads", 2,
                "hidden_size", 2048,
                "intermediate_size", 16_384,
                "vocab_size", 262_400,
                "global_head_dim", config.integer("head_dim", 256)));
        var blocks = SharedKeys.of(whole, Windows.windowed(whole, Windows.butEvery(5)));
        int hidden = whole.integer("hidden_size");
        int window = whole.integer("sliding_window", 512);
        ArchitectureBuilder builder = LlamaFamilies.named(whole, blocks.extents(32_768))
                .norm(NormKind.RMS_NORM, whole.number("rms_norm_eps", 1e-6))
                .activation(Activation.of(whole, "hidden_activation", "gelu_pytorch_tanh"))
                .embeddingMultiplier(Math.sqrt(hidden))
                .tiedByDefault(true)
                .attentionScale(block -> 1)
                .rotary(GemmaFamilies.localRopes(whole, blocks::windowed))
                .window(block -> blocks.windowed(block) ? window : 0)
                .head(new HeadForm(1, Reading.softcap(whole, "final_logit_softcapping", 30)))
                .norm(Slot.ATTENTION_OUTPUT_NORM, LAYER + "post_attention_layernorm")
                .norm(Slot.FEED_FORWARD_NORM, LAYER + "pre_feedforward_layernorm")
                .norm(Slot.FEED_FORWARD_OUTPUT_NORM, LAYER + "post_feedforward_layernorm")
                .queryKeyNorm(QueryKeyNorm.EACH_HEAD, LAYER + "self_attn.q_norm", LAYER + "self_attn.k_norm")
                .computed(Slot.weight(Slot.VALUE_NORM), blocks::ones);
        blocks.give(builder);
        Gemma4Families.layerInputs(builder, whole.integer("hidden_size_per_layer_input", 256), blocks.carried());
        sparse(builder);
        pastAttention(builder);
        return streams(builder);
    }

    /** A share of the gates of some blocks' feed-forwards is 0. */
    private static void sparse(ArchitectureBuilder builder) {
        HfConfig config = builder.config();
        int blocks = builder.extents().blocks();
        List<Double> shares = config.optionalNumbers("activation_sparsity_pattern")
                .orElseGet(() -> IntStream.range(0, blocks)
                        .mapToObj(block -> blocks > 10 && block < 10 ? SPARSE : 0)
                        .toList());
        if (shares.size() != blocks) {
            throw config.invalid(
                    "activation_sparsity_pattern", shares.size() + " shares", "one for each of " + blocks + " blocks");
        }
        builder.computed(Slot.ACTIVATION_SPARSITY, block -> {
            double share = shares.get(block);
            return share > 0 ? new float[] {(float) share} : new float[0];
        });
    }

    private static void pastAttention(ArchitectureBuilder builder) {
        int hidden = builder.extents().hidden();
        int rank = builder.config().integer("laurel_rank", 64);
        builder.norm(Slot.LAUREL_NORM, LAYER + "laurel.post_laurel_norm")
                .differing(
                        block -> true,
                        new MixerWeights(LAYER + "laurel.")
                                .product(Slot.LAUREL_INPUT, "linear_left", rank, hidden)
                                .product(Slot.LAUREL_OUTPUT, "linear_right", hidden, rank));
    }

    private static ArchitectureBuilder streams(ArchitectureBuilder builder) {
        HfConfig config = builder.config();
        int hidden = builder.extents().hidden();
        int count = config.integer("altup_num_inputs", 4);
        int active = config.integerOrZero("altup_active_idx", 0);
        if (count < 2 || active >= count) {
            throw config.invalid("altup_active_idx", active, "an index of the %d streams, 2 or more".formatted(count));
        }
        MixerWeights weights = new MixerWeights(ALTUP)
                .product(Slot.STREAM_ROUTER, "modality_router", count, hidden)
                .product(Slot.STREAM_PREDICTION, "prediction_coefs", (long) count * count, count)
                .product(Slot.STREAM_CORRECTION, "correction_coefs", count, count);
        if (config.bool("altup_correct_scale", true)) {
            weights.tensor(Slot.STREAM_SCALE, "correct_output_scale", hidden);
        } else {
            builder.ignore("layers\\.\\d+\\.altup\\.correct_output_scale");
        }
        for (int i = 0; i < count - 1; i++) {
            builder.embeddingTensor(
                            Slot.weight(Slot.STREAM_ENTRY) + "/" + i,
                            WeightSource.whole(
                                    "altup_projections.%d.weight".formatted(i), (long) hidden, (long) hidden))
                    .headTensor(
                            Slot.weight(Slot.STREAM_EXIT) + "/" + i,
                            WeightSource.whole(
                                    "altup_unembed_projections.%d.weight".formatted(i), (long) hidden, (long) hidden));
        }
        return builder.streams(new AltUp(count, active))
                .norm(Slot.STREAM_ROUTER_NORM, ALTUP + "router_norm")
                .differing(block -> true, weights);
    }

    /** Tokens that stand for what is seen or heard are embedded also in prompts of text alone. */
    private static ArchitectureBuilder seeing(HfConfig config) {
        ArchitectureBuilder builder = TextInside.named(text(config))
                .tiedOutsideByDefault(true)
                .ignore("audio_tower\\..*")
                .ignore("embed_(vision|audio)\\.soft_embedding_norm\\.weight");
        int heard = placeholders(builder, "audio", Slot.AUDIO_EMBEDDING, "embed_audio.", 1536)
                .end(builder.extents().vocabulary());
        placeholders(builder, "vision", Slot.IMAGE_EMBEDDING, "embed_vision.", 2048)
                .end(heard);
        return builder;
    }

    /** Tokens of the vocabulary that stand for what is seen or heard. */
    private record Placeholders(HfConfig config, int first, int count) {

        /** Checks that they end before a token; returns the first one. */
        int end(int end) {
            if (first + count != end) {
                throw config.invalid(
                        "vocab_offset", first, "%d, so that %d tokens end at %d".formatted(end - count, count, end));
            }
            return first;
        }
    }

    private static Placeholders placeholders(
            ArchitectureBuilder builder, String sense, String slot, String folder, int widthByDefault) {
        HfConfig config = builder.config().outer().object(sense + "_config").orElse(HfConfig.parse("{}"));
        double epsilon = builder.config().number("rms_norm_eps", 1e-6);
        if (config.number("rms_norm_eps", 1e-6) != epsilon) {
            throw config.unsupported(
                    "rms_norm_eps", config.number("rms_norm_eps", 1e-6), "that of the text model, " + epsilon);
        }
        int count = config.integer("vocab_size", 128);
        long width = config.integer("hidden_size", widthByDefault);
        long hidden = builder.extents().hidden();
        builder.embeddingTensor(Slot.weight(slot), WeightSource.whole(folder + "embedding.weight", (long) count, width))
                .embeddingTensor(
                        Slot.weight(Slot.ofPlaceholders(slot, "norm")),
                        WeightSource.whole(folder + "hard_embedding_norm.weight", width))
                .embeddingTensor(
                        Slot.weight(Slot.ofPlaceholders(slot, "projection")),
                        WeightSource.whole(folder + "embedding_projection.weight", hidden, width))
                .unweightedNorm(Slot.ofPlaceholders(slot, "projection_norm"));
        return new Placeholders(
                config, config.integer("vocab_offset", sense.equals("audio") ? 262_272 : 262_144), count);
    }
}
