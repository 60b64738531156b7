package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.HeadForm;
import dev.stratalens.engine.architecture.Mixture;
import dev.stratalens.engine.architecture.Router;
import dev.stratalens.engine.architecture.Router.Scoring;
import dev.stratalens.engine.architecture.family.dense.LlamaFamilies;
import dev.stratalens.engine.architecture.family.key.Experts;
import dev.stratalens.engine.architecture.family.key.Reading;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.Attention.Growth;
import dev.stratalens.engine.architecture.mixer.Attention.Latent;
import dev.stratalens.engine.architecture.mixer.RotaryPairs;
import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.MixtureWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** DeepSeek, with latent attention, and families with its mixture of experts. */
public final class DeepseekFamilies {

    public static final Map<String, Function<HfConfig, ArchitectureBuilder>> ROWS = Map.of(
            "axk1", DeepseekFamilies::axk1,
            "deepseek_v2", DeepseekFamilies::deepseek2,
            "deepseek_v3", DeepseekFamilies::deepseek3,
            "deepseek_v32", DeepseekFamilies::deepseek32,
            "dots1", DeepseekFamilies::dots,
            "glm4_moe", DeepseekFamilies::glm,
            "glm4_moe_lite", DeepseekFamilies::glmLite,
            "glm_moe_dsa", DeepseekFamilies::glmIndexed,
            "minicpm3", DeepseekFamilies::miniCpm3,
            "youtu", DeepseekFamilies::youtu);

    private static final String ATTENTION = "layers.{}.self_attn.";
    private static final String ATTENTION_BIAS = "attention_bias";
    private static final double LATENT_EPSILON = 1e-6; // rms_norm_eps is not used here

    private DeepseekFamilies() {}

    private static ArchitectureBuilder deepseek2(HfConfig config) {
        Reading.refuse(config, "norm_topk_prob", true);
        Experts experts = Experts.of(config, 64);
        Router router = experts.router(Scoring.SOFTMAX, false).scaled(config.number("routed_scaling_factor", 1));
        String method = config.string("topk_method", "greedy");
        boolean limited = method.equals("group_limited_greedy");
        if (!limited && !method.equals("greedy")) {
            throw config.unsupported("topk_method", method, "greedy and group_limited_greedy");
        }
        Reading.refuse(config, "mlp_bias", true);
        return latentAttention(LlamaFamilies.base(config))
                .rotaryPairs(RotaryPairs.ADJACENT)
                .mixture(new Mixture(
                        Experts.afterDense(config, 0),
                        limited ? router.limitedTo(experts.groups(1, 1, 1)) : router,
                        beside(experts, 1407, 2)));
    }

    private static ArchitectureBuilder deepseek3(HfConfig config) {
        return latentMixture(config, Experts.afterDense(config, 3), new Routing(256, 8, 8, 4, 2.5));
    }

    private static ArchitectureBuilder deepseek32(HfConfig config) {
        Reading.refuse(config, "mlp_bias", true);
        IntPredicate sparse = Experts.sparse(config, Experts.afterDense(config, 3));
        return indexed(latentMixture(config, sparse, new Routing(256, 8, 8, 4, 2.5)));
    }

    /** A norm behind the experts, but not behind dense feed-forwards. Without a correction in the file, there is none. */
    private static ArchitectureBuilder axk1(HfConfig config) {
        Reading.refuse(config, "mlp_bias", true);
        int frequency = config.integer("moe_layer_freq", 1);
        IntPredicate sparse =
                Experts.sparse(config, Experts.afterDense(config, 1).and(block -> block % frequency == 0));
        ArchitectureBuilder builder = latentMixture(config, sparse, new Routing(192, 8, 8, 4, 2.5));
        return builder.differing(
                        sparse,
                        new MixerWeights("layers.{}.")
                                .norm(
                                        Slot.FEED_FORWARD_OUTPUT_NORM,
                                        "post_mlp_layernorm",
                                        builder.extents().hidden())
                                .optional(
                                        Slot.bias(Slot.SCORE_CORRECTION),
                                        "mlp.gate.e_score_correction_bias",
                                        Experts.of(config, 192, 8).count()))
                .ignore("layers\\.\\d+\\.post_mlp_layernorm\\.weight");
    }

    private static ArchitectureBuilder glmIndexed(HfConfig config) {
        Reading.refuse(config, "mlp_bias", true);
        IntPredicate sparse = Experts.sparse(config, Experts.afterDense(config, 3));
        return indexed(latentMixture(config, sparse, new Routing(256, 8, 1, 1, 2.5)))
                .epsilonByDefault(1e-5);
    }

    private static ArchitectureBuilder glmLite(HfConfig config) {
        IntPredicate sparse = Experts.sparse(config, block -> block > 0);
        return latentMixture(config, sparse, new Routing(64, 4, 1, 1, 1.8)).epsilonByDefault(1e-5);
    }

    /** Class defaults of a router with groups. */
    private record Routing(int experts, int chosen, int groups, int keptGroups, double scale) {}

    private static ArchitectureBuilder latentMixture(HfConfig config, IntPredicate sparse, Routing defaults) {
        Experts experts = Experts.of(config, defaults.experts(), defaults.chosen());
        return latentAttention(LlamaFamilies.base(config))
                .with(DeepseekFamilies::eitherPairs)
                .with(DeepseekFamilies::ignoringPredictors)
                .mixture(new Mixture(
                        sparse,
                        experts.sigmoid(true, defaults.scale())
                                .limitedTo(experts.groups(defaults.groups(), defaults.keptGroups(), 2)),
                        corrected(experts, 2048, 1)));
    }

    /**
     * An index chooses the keys of each query. A prompt with no more tokens than are chosen needs no index, and longer
     * ones are refused.
     */
    private static ArchitectureBuilder indexed(ArchitectureBuilder builder) {
        return builder.longestPrompt(builder.config().integer("index_topk", 2048))
                .ignore("layers\\.\\d+\\.self_attn\\.indexer\\..*");
    }

    /** Latent attention without experts. */
    private static ArchitectureBuilder youtu(HfConfig config) {
        return latentAttention(LlamaFamilies.base(config))
                .with(DeepseekFamilies::eitherPairs)
                .tiedByDefault(true);
    }

    private static ArchitectureBuilder eitherPairs(ArchitectureBuilder builder) {
        boolean adjacent = builder.config().bool("rope_interleave", true);
        return builder.rotaryPairs(adjacent ? RotaryPairs.ADJACENT : RotaryPairs.HALVES);
    }

    /** The same with factors on embedding, branches and the head. */
    private static ArchitectureBuilder miniCpm3(HfConfig config) {
        Reading.refuse(config, "mlp_bias", true);
        int hidden = config.integer("hidden_size");
        HfConfig whole = config.withDefaults(Map.of(
                "kv_lora_rank", 256,
                "q_lora_rank", 768,
                "qk_nope_head_dim", 64,
                "qk_rope_head_dim", 32,
                "v_head_dim", hidden / config.integer("num_attention_heads")));
        ArchitectureBuilder builder = latentAttention(LlamaFamilies.base(whole));
        int blocks = builder.extents().blocks();
        double depth = config.names("scale_depth") ? config.number("scale_depth", Math.sqrt(blocks)) : 1.4;
        int base = config.names("dim_model_base") ? config.integer("dim_model_base", hidden) : 256;
        return builder.epsilonByDefault(1e-5)
                .embeddingMultiplier(config.number("scale_emb", 12))
                .residualMultiplier(depth / Math.sqrt(blocks))
                .head(new HeadForm((double) base / hidden, 0))
                .tiedByDefault(true);
    }

    /** Softmaxes as scores; queries grow with their position. */
    public static ArchitectureBuilder mistral4(HfConfig config) {
        HfConfig whole = config.withDefaults(Map.of("kv_lora_rank", 256, "q_lora_rank", 1024, "qk_nope_head_dim", 64));
        HfConfig rope = config.object("rope_parameters")
                .or(() -> config.object("rope_scaling"))
                .orElseThrow(() -> config.invalid("rope_parameters", "missing", "an object"));
        Experts experts = Experts.of(config, 128, 4);
        return latentAttention(LlamaFamilies.base(whole))
                .with(DeepseekFamilies::eitherPairs)
                .growth(new Growth(
                        rope.number("llama_4_scaling_beta"), rope.integer("original_max_position_embeddings"), 0))
                .mixture(new Mixture(
                        Experts.afterDense(config, 0),
                        experts.softmax(true)
                                .scaled(config.number("routed_scaling_factor", 1))
                                .limitedTo(experts.groups(1, 1, 2)),
                        beside(experts, 2048, 1)));
    }

    public static ArchitectureBuilder glm(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config);
        Experts experts = Experts.of(config, 128, 8);
        builder.keyValueHeadsByDefault(8)
                .epsilonByDefault(1e-5)
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.partial(0.5)))
                .bias(config.bool(ATTENTION_BIAS, false), Slot.QUERY_KEY_VALUE)
                .mixture(new Mixture(
                        Experts.afterDense(config, 1), experts.grouped(true, 1), corrected(experts, 1408, 1)))
                .with(DeepseekFamilies::ignoringPredictors);
        return config.bool("use_qk_norm", false) ? builder.with(LlamaFamilies::normedHeads) : builder;
    }

    private static ArchitectureBuilder dots(HfConfig config) {
        ArchitectureBuilder builder = LlamaFamilies.base(config).attentionBiasByDefault(false);
        Experts experts = Experts.of(config);
        int firstWindowed = config.integerOrZero("max_window_layers", 62);
        return builder.with(LlamaFamilies::normedHeads)
                .keyValueHeadsByDefault(32)
                .window(Windows.of(config, Windows.size(config, 4096), block -> block >= firstWindowed))
                .mixture(new Mixture(
                        Experts.afterDense(config, 0), experts.grouped(false, 1), corrected(experts, 1408, 0)));
    }

    private static MixtureWeights beside(Experts experts, int innerByDefault, int sharedByDefault) {
        return experts.besideShared(innerByDefault, "n_shared_experts", sharedByDefault, "shared_experts");
    }

    static MixtureWeights corrected(Experts experts, int innerByDefault, int sharedByDefault) {
        return beside(experts, innerByDefault, sharedByDefault)
                .scoreCorrection("layers.{}.mlp.gate.e_score_correction_bias");
    }

    /** Ignores blocks after the last one, which predict tokens further ahead and are not run. */
    private static ArchitectureBuilder ignoringPredictors(ArchitectureBuilder builder) {
        int blocks = builder.extents().blocks();
        int predictors = builder.config().integerOrZero("num_nextn_predict_layers", 1);
        for (int block = blocks; block < blocks + predictors; block++) {
            builder.ignore("layers\\." + block + "\\..*");
        }
        return builder;
    }

    private static ArchitectureBuilder latentAttention(ArchitectureBuilder builder) {
        return latentAttention(builder, 1536);
    }

    /**
     * Keys and values come through a narrow vector, and queries may.
     *
     * @param queryRank width of the narrow vector of queries if the file does not say it; 0 for none
     */
    public static ArchitectureBuilder latentAttention(ArchitectureBuilder builder, int queryRank) {
        HfConfig config = builder.config();
        Extents extents = builder.extents();
        int kept = config.integer("qk_nope_head_dim", 128);
        int rotated = config.integer("qk_rope_head_dim", 64);
        int size = kept + rotated;
        int valueSize = config.integer("v_head_dim", 128);
        int rank = config.integer("kv_lora_rank", 512);
        double scale = RopeParameters.scoreFactor(config) / Math.sqrt(size);
        long heads = extents.heads();
        boolean bias = config.bool(ATTENTION_BIAS, false);
        builder.extents(extents.withKeyValueHeads(extents.heads()).withHeadSize(size))
                .rotary(RopeParameters.of(config, RopeParameters.Defaults.USUAL)
                        .withPartialRotaryFactor((double) rotated / size))
                .attentionScale(block -> scale)
                .latent(new Latent(kept, LATENT_EPSILON))
                .without(Slot.KEY)
                .without(Slot.VALUE)
                .without(Slot.ATTENTION_OUTPUT);
        latentQueries(builder, heads * size, bias, queryRank);
        product(builder, Slot.KEY_VALUE_LATENT, "kv_a_proj_with_mqa", rank + rotated, extents.hidden(), bias);
        norm(builder, Slot.KEY_VALUE_LATENT_NORM, "kv_a_layernorm", rank);
        product(builder, Slot.KEY_VALUE, "kv_b_proj", heads * (kept + valueSize), rank, false);
        product(builder, Slot.ATTENTION_OUTPUT, "o_proj", extents.hidden(), heads * valueSize, bias);
        return builder;
    }

    /** Null means no narrow vector; a missing key means the class default. */
    private static void latentQueries(ArchitectureBuilder builder, long width, boolean bias, int rankByDefault) {
        HfConfig config = builder.config();
        int rank = config.names("q_lora_rank") ? config.integer("q_lora_rank", 0) : rankByDefault;
        if (rank > 0) {
            builder.without(Slot.QUERY);
            product(
                    builder,
                    Slot.QUERY_LATENT,
                    "q_a_proj",
                    rank,
                    builder.extents().hidden(),
                    bias);
            norm(builder, Slot.QUERY_LATENT_NORM, "q_a_layernorm", rank);
            product(builder, Slot.QUERY, "q_b_proj", width, rank, false);
        }
    }

    private static void product(
            ArchitectureBuilder builder, String slot, String name, long outputs, long inputs, boolean bias) {
        builder.blockTensor(Slot.weight(slot), WeightSource.whole(ATTENTION + name + ".weight", outputs, inputs));
        if (bias) {
            builder.blockTensor(Slot.bias(slot), WeightSource.whole(ATTENTION + name + ".bias", outputs));
        }
    }

    private static void norm(ArchitectureBuilder builder, String slot, String name, long size) {
        builder.blockTensor(Slot.weight(slot), WeightSource.whole(ATTENTION + name + ".weight", size));
    }
}
