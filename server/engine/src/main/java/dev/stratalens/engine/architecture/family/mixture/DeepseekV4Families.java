package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.Activation;
import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.GatedUnit;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.NormKind;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.mixer.CompressedAttention;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.stream.HyperConnections;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * DeepSeek-V4: several residual streams with hyper-connections, attention over entries that stand for windows of tokens, and experts
 * that in the first blocks are chosen by the token alone.
 */
public final class DeepseekV4Families {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS =
            Map.of("deepseek_v4", DeepseekV4Families::deepseek4);

    private static final String LAYER = "layers.{}.";
    private static final String ATTENTION = LAYER + "attn.";

    private DeepseekV4Families() {}

    private static ArchitectureBuilder deepseek4(HfConfig config) {
        Reading.refuse(config, "mlp_bias", true);
        CompressedBlocks blocks = CompressedBlocks.of(config);
        int hidden = config.integer("hidden_size", 4096);
        var extents = new Extents(
                config.integer("num_hidden_layers", 43),
                hidden,
                config.integer("num_attention_heads", 64),
                1,
                config.integer("head_dim", 512),
                config.integer("moe_intermediate_size", 2048),
                config.integer("vocab_size", 129_280),
                hidden,
                config.integer("max_position_embeddings", 1_048_576));
        double epsilon = config.number("rms_norm_eps", 1e-6);
        int window = config.integer("sliding_window", 128);
        double limit = config.number("swiglu_limit", 10);
        ArchitectureBuilder builder = new ArchitectureBuilder(config, extents)
                .prefixes("model.")
                .norm(NormKind.RMS_NORM, epsilon)
                .activation(Activation.of(config, "hidden_act", "silu"))
                .gatedUnit(new GatedUnit(limit, 0, 1, 1))
                .tiedByDefault(false)
                .embeddingTensor(
                        Slot.weight(Slot.TOKEN_EMBEDDING),
                        either("embed.weight", "embed_tokens.weight", (long) extents.vocabulary(), (long)
                                extents.hidden()))
                .product(Slot.UNEMBEDDING, "head")
                .norm(Slot.FINAL_NORM, "norm")
                .norm(Slot.ATTENTION_NORM, LAYER + "attn_norm")
                .norm(Slot.FEED_FORWARD_NORM, LAYER + "ffn_norm")
                .unweightedNorm(Slot.QUERY_NORM)
                .rotaryPairs(RotaryPairs.ADJACENT)
                .rotary(ropes(config, blocks))
                .window(block -> window)
                .ignore("mtp\\..*");
        attention(builder, blocks);
        experts(builder, blocks);
        return streams(builder);
    }

    /** Blocks without entries have a rope of their own, without scaling. */
    private static IntFunction<Optional<RopeParameters>> ropes(HfConfig config, CompressedBlocks blocks) {
        var usual = RopeParameters.Defaults.USUAL;
        Optional<HfConfig> object = config.object("rope_scaling").or(() -> config.object("rope_parameters"));
        if (object.filter(rope -> rope.has("main") && rope.has("compress")).isPresent()) {
            Optional<RopeParameters> main = Optional.of(RopeParameters.ofLayerType(config, "main", usual));
            Optional<RopeParameters> entries = Optional.of(RopeParameters.ofLayerType(config, "compress", usual));
            return block -> blocks.rate(block) > 0 ? entries : main;
        }
        double share = share(config);
        RopeParameters scaled = RopeParameters.of(config, usual)
                .withTheta(config.number("compress_rope_theta", 160_000))
                .withPartialRotaryFactor(share);
        boolean magnified = object.filter(rope -> rope.has("attention_factor")).isPresent();
        Optional<RopeParameters> entries = Optional.of(magnified ? scaled : scaled.withoutMagnitude());
        Optional<RopeParameters> main = Optional.of(
                RopeParameters.unscaled(config.number("rope_theta", 10_000)).withPartialRotaryFactor(share));
        return block -> blocks.rate(block) > 0 ? entries : main;
    }

    /** The share of a head that turns: its last dimensions. */
    private static double share(HfConfig config) {
        return config.optionalNumber("partial_rotary_factor")
                .or(() -> config.optionalNumber("qk_rope_head_dim").map(size -> size / config.integer("head_dim", 512)))
                .orElse(0.125);
    }

    private static void attention(ArchitectureBuilder builder, CompressedBlocks blocks) {
        HfConfig config = builder.config();
        Extents extents = builder.extents();
        int size = extents.headSize();
        long queries = (long) extents.heads() * size;
        int groups = config.integer("o_groups", 8);
        if (extents.heads() % groups != 0) {
            throw config.invalid("o_groups", groups, "a divisor of num_attention_heads, " + extents.heads());
        }
        int rank = config.integer("q_lora_rank", 1024);
        long narrow = (long) groups * config.integer("o_lora_rank", 1024);
        int indexed = config.integer("index_topk", 512);
        var weights = new MixerWeights(ATTENTION)
                .product(Slot.QUERY_LATENT, "wq_a", rank, extents.hidden())
                .tensor(Slot.weight(Slot.QUERY_LATENT_NORM), "q_norm.weight", rank)
                .product(Slot.QUERY, "wq_b", queries, rank)
                .product(Slot.KEY, "wkv", size, extents.hidden())
                .either(Slot.weight(Slot.KEY_NORM), "kv_norm.weight", "norm.weight", size)
                .product(Slot.OUTPUT_LATENT, "wo_a", narrow, queries / groups)
                .product(Slot.ATTENTION_OUTPUT, "wo_b", extents.hidden(), narrow);
        builder.blockTensor(Slot.ATTENTION_SINKS, WeightSource.whole(ATTENTION + "attn_sink", (long) extents.heads()))
                .differing(block -> true, weights);
        for (String kind : CompressedBlocks.COMPRESSED) {
            boolean sparse = kind.equals(CompressedBlocks.SPARSE);
            // Sparse entries overlap: each token is in two of them, with values for each.
            builder.differing(
                    block -> blocks.is(block, kind),
                    entries(config, Slot.COMPRESSOR, blocks.rate(kind), size, sparse ? 2 : 1));
        }
        int indexSize = config.integer("index_head_dim", 128);
        int indexHeads = config.integer("index_n_heads", 64);
        builder.differing(
                        block -> blocks.is(block, CompressedBlocks.SPARSE),
                        entries(config, Slot.INDEXER, blocks.rate(CompressedBlocks.SPARSE), indexSize, 2))
                .differing(
                        block -> blocks.is(block, CompressedBlocks.SPARSE),
                        new MixerWeights(ATTENTION + "indexer.")
                                .product(Slot.INDEXER_QUERY, "wq_b", (long) indexHeads * indexSize, rank)
                                .product(Slot.INDEXER_WEIGHTS, "weights_proj", indexHeads, extents.hidden()))
                .usualMixers(usual -> {
                    var mixers = new HashMap<Integer, Mixer>();
                    return block -> mixers.computeIfAbsent(
                            blocks.rate(block), rate -> new CompressedAttention(usual, rate, indexed, groups));
                });
    }

    private static MixerWeights entries(HfConfig config, String slot, int rate, int size, int series) {
        long hidden = config.integer("hidden_size", 4096);
        String folder = slot.equals(Slot.INDEXER) ? "indexer.compressor." : "compressor.";
        return new MixerWeights(ATTENTION + folder)
                .product(Slot.ofEntries(slot, "values"), "wkv", (long) series * size, hidden)
                .product(Slot.ofEntries(slot, "gates"), "wgate", (long) series * size, hidden)
                .tensor(Slot.ofEntries(slot, "bias"), "ape", rate, (long) series * size)
                .tensor(Slot.weight(Slot.ofEntries(slot, "norm")), "norm.weight", size);
    }

    private static void experts(ArchitectureBuilder builder, CompressedBlocks blocks) {
        HfConfig config = builder.config();
        Extents extents = builder.extents();
        Experts experts = Experts.of(config, 256, 6);
        String folder = LAYER + "ffn.";
        Router router = experts.router(scoring(config), true).scaled(config.number("routed_scaling_factor", 1.5));
        MixtureWeights weights = experts.weights(extents.inner())
                .router(folder + "gate")
                .each(folder + "experts", folder + "experts", "w1", "w3", "w2")
                .shared(folder + "shared_experts", "w1", "w3", "w2", extents.inner());
        builder.mixture(new Mixture(block -> true, router, weights))
                .differing(
                        blocks::chooseByToken,
                        new MixerWeights(folder)
                                .tensor(Slot.EXPERTS_OF_TOKEN, "gate.tid2eid", extents.vocabulary(), experts.chosen()))
                .differing(
                        block -> !blocks.chooseByToken(block),
                        new MixerWeights(folder)
                                .tensor(Slot.bias(Slot.SCORE_CORRECTION), "gate.bias", experts.count()));
    }

    private static Scoring scoring(HfConfig config) {
        String name = config.string("scoring_func", "sqrtsoftplus");
        return switch (name) {
            case "sqrtsoftplus" -> Scoring.SQRT_SOFTPLUS;
            case "sigmoid" -> Scoring.SIGMOID;
            default -> throw config.unsupported("scoring_func", name, "sqrtsoftplus and sigmoid");
        };
    }

    private static ArchitectureBuilder streams(ArchitectureBuilder builder) {
        HfConfig config = builder.config();
        int count = config.integer("hc_mult", 4);
        long all = (long) count * builder.extents().hidden();
        long outputs = (2L + count) * count;
        Map.of(Slot.ATTENTION_CONNECTION, "hc_attn", Slot.FEED_FORWARD_CONNECTION, "hc_ffn")
                .forEach((slot, name) -> builder.differing(
                        block -> true,
                        new MixerWeights(LAYER + name)
                                .tensor(Slot.weight(slot), "_fn", outputs, all)
                                .tensor(slot + ".scale", "_scale", 3)
                                .tensor(slot + ".base", "_base", outputs)));
        String slot = Slot.STREAM_CONNECTION;
        return builder.streams(new HyperConnections(
                        count, config.integer("hc_sinkhorn_iters", 20), config.number("hc_eps", 1e-6)))
                .carried(HyperConnections.DIGITS)
                .headTensor(Slot.weight(slot), either("hc_head_fn", "hc_head.hc_fn", (long) count, all))
                .headTensor(slot + ".scale", either("hc_head_scale", "hc_head.hc_scale", 1L))
                .headTensor(slot + ".base", either("hc_head_base", "hc_head.hc_base", (long) count));
    }

    /** The name in published files, or that in files which transformers wrote. */
    private static WeightSource either(String published, String saved, Long... shape) {
        return WeightSource.whole(published, shape).or(WeightSource.whole(saved, shape));
    }
}
