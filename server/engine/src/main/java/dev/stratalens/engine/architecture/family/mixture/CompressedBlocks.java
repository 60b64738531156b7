package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Blocks of DeepSeek-V4.
 *
 * @param kinds of the attention of each block
 * @param mixtures kinds of the experts of each block
 * @param rates tokens of an entry, by kind of attention
 */
record CompressedBlocks(List<String> kinds, List<String> mixtures, Map<String, Integer> rates) {

    /** Entries of few tokens, which overlap, and of which an index chooses some for each query. */
    static final String SPARSE = "compressed_sparse_attention";

    /** Kinds with entries. */
    static final List<String> COMPRESSED = List.of(SPARSE, "heavily_compressed_attention");

    private static final String HEAVY = COMPRESSED.get(1);
    private static final String SLIDING = "sliding_attention";
    private static final String BY_TOKEN = "hash_moe";
    private static final String USUAL_MIXTURE = "moe";
    private static final Map<Integer, String> KIND_OF_RATIO = Map.of(0, SLIDING, 4, SPARSE, 128, HEAVY);

    static CompressedBlocks of(HfConfig config) {
        int count = config.integer("num_hidden_layers", 43);
        List<String> kinds = config.optionalStrings("layer_types")
                .or(() -> ofRatios(config))
                .orElseGet(() -> IntStream.range(0, count)
                        .mapToObj(block -> block < 2 || block % 2 == 0 ? HEAVY : SPARSE)
                        .toList());
        int hashed = Math.min(count, config.integerOrZero("num_hash_layers", 3));
        List<String> mixtures = config.optionalStrings("mlp_layer_types")
                .orElseGet(() -> IntStream.range(0, count)
                        .mapToObj(block -> block < hashed ? BY_TOKEN : USUAL_MIXTURE)
                        .toList());
        check(config, "layer_types", kinds, count, List.of(SLIDING, SPARSE, HEAVY));
        check(config, "mlp_layer_types", mixtures, count, List.of(BY_TOKEN, USUAL_MIXTURE));
        Optional<HfConfig> rates = config.object("compress_rates");
        return new CompressedBlocks(
                kinds,
                mixtures,
                Map.of(
                        SLIDING, 0,
                        SPARSE, rate(config, rates, "compress_rate_csa", SPARSE, 4),
                        HEAVY, rate(config, rates, "compress_rate_hca", HEAVY, 128)));
    }

    /** One number for each block; what follows is of other parts. */
    private static Optional<List<String>> ofRatios(HfConfig config) {
        return config.optionalNumbers("compress_ratios")
                .map(ratios -> ratios.stream()
                        .map(ratio -> Optional.ofNullable(KIND_OF_RATIO.get(ratio.intValue()))
                                .orElseThrow(() -> config.unsupported("compress_ratios", ratio, "0, 4 and 128")))
                        .toList());
    }

    private static void check(HfConfig config, String key, List<String> kinds, int count, List<String> known) {
        if (kinds.size() < count) {
            throw config.invalid(key, kinds.size() + " kinds", "one for each of " + count + " blocks");
        }
        if (!known.containsAll(kinds)) {
            throw config.unsupported(
                    key,
                    kinds.stream()
                            .filter(kind -> !known.contains(kind))
                            .findFirst()
                            .orElseThrow(),
                    String.join(", ", known));
        }
    }

    /** The first spelling overrides the object. */
    private static int rate(HfConfig config, Optional<HfConfig> rates, String key, String kind, int classDefault) {
        return config.optionalInteger(key)
                .orElseGet(() -> rates.map(object -> object.integer(kind)).orElse(classDefault));
    }

    boolean is(int block, String kind) {
        return kinds.get(block).equals(kind);
    }

    /** Tokens of an entry; 0 for blocks without entries. */
    int rate(int block) {
        return rate(kinds.get(block));
    }

    int rate(String kind) {
        return rates.getOrDefault(kind, 0);
    }

    /** Whether the token alone decides which experts work. */
    boolean chooseByToken(int block) {
        return mixtures.get(block).equals(BY_TOKEN);
    }
}
