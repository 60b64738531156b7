package dev.stratalens.engine.architecture.family.mixture;

import dev.stratalens.engine.architecture.ArchitectureBuilder;
import dev.stratalens.engine.architecture.Extents;
import dev.stratalens.engine.architecture.family.key.Windows;
import dev.stratalens.engine.architecture.mixer.Attention;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.mixer.SizedAttention;
import dev.stratalens.engine.architecture.mixer.SizedAttention.Keys;
import dev.stratalens.engine.architecture.weight.MixerWeights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Blocks of Gemma 3n and 4 with their heads. The last blocks use the keys and values of the last block before them of the same kind,
 * which rows carry to them, those of the earlier block first.
 *
 * @param config of the text model
 * @param sliding blocks with a window
 * @param count number of blocks
 * @param unshared blocks with keys of their own, which are the first
 */
public record SharedKeys(HfConfig config, IntPredicate sliding, int count, int unshared) {

    static SharedKeys of(HfConfig config) {
        int count = config.integer("num_hidden_layers", 30);
        IntPredicate windowed = Windows.windowed(config, Windows.butEvery(6));
        // The last block sees all keys, whatever the file says.
        return of(config, block -> block < count - 1 && windowed.test(block));
    }

    static SharedKeys of(HfConfig config, IntPredicate sliding) {
        int count = config.integer("num_hidden_layers", 30);
        int shared = config.integerOrZero("num_kv_shared_layers", 0);
        var blocks = new SharedKeys(config, sliding, count, count - shared);
        if (IntStream.range(blocks.unshared, count).anyMatch(block -> blocks.source(block) < 0)) {
            throw config.invalid(
                    "num_kv_shared_layers", shared, "fewer, so that each kind of block has keys of its own");
        }
        return blocks;
    }

    boolean windowed(int block) {
        return sliding.test(block);
    }

    boolean shares(int block) {
        return block >= unshared;
    }

    int headSize(int block) {
        return windowed(block) ? config.integer("head_dim", 256) : config.integer("global_head_dim", 512);
    }

    int widestHead() {
        return IntStream.range(0, count).map(this::headSize).max().orElseThrow();
    }

    float[] ones(int block) {
        var ones = new float[headSize(block)];
        Arrays.fill(ones, 1);
        return ones;
    }

    Extents extents(int contextByDefault) {
        int hidden = config.integer("hidden_size", 2304);
        return new Extents(
                count,
                hidden,
                config.integer("num_attention_heads", 8),
                config.integer("num_key_value_heads", 4),
                widestHead(),
                IntStream.range(0, count).map(this::inner).max().orElseThrow(),
                config.integer("vocab_size", 262_144),
                hidden,
                config.integer("max_position_embeddings", contextByDefault));
    }

    /** The width of a block's feed-forward, which may be a number for each block. */
    private int inner(int block) {
        if (config.isList("intermediate_size")) {
            List<Double> sizes = config.numbers("intermediate_size");
            if (sizes.size() != count) {
                throw config.invalid(
                        "intermediate_size", sizes.size() + " sizes", "one for each of " + count + " blocks");
            }
            return sizes.get(block).intValue();
        }
        return config.integer("intermediate_size", 9216) * (shares(block) && doubled() ? 2 : 1);
    }

    private boolean doubled() {
        return config.bool("use_double_wide_mlp", false);
    }

    private boolean keysAreValues(int block) {
        return config.bool("attention_k_eq_v", false) && !windowed(block);
    }

    private int keyValueHeads(int block) {
        int usual = config.integer("num_key_value_heads", 4);
        return keysAreValues(block) ? config.integer("num_global_key_value_heads", usual) : usual;
    }

    private int width(int block) {
        return keyValueHeads(block) * headSize(block);
    }

    /** The block whose keys a block uses; -1 if there is none. */
    private int source(int block) {
        return IntStream.range(0, unshared)
                .filter(some -> windowed(some) == windowed(block))
                .max()
                .orElse(-1);
    }

    private List<Integer> sources() {
        return IntStream.range(unshared, count)
                .map(this::source)
                .distinct()
                .sorted()
                .boxed()
                .toList();
    }

    /** Columns of keys and values. */
    int carried() {
        return sources().stream().mapToInt(source -> 2 * width(source)).sum();
    }

    private Keys keys(int block) {
        if (!shares(block)) {
            return new Keys(sources().contains(block), 0, 0);
        }
        int source = source(block);
        int fromEnd = sources().stream()
                .filter(some -> some >= source)
                .mapToInt(some -> 2 * width(some))
                .sum();
        return new Keys(false, fromEnd, width(source));
    }

    /** A mixer for each kind of block. */
    private IntFunction<Mixer> mixers(Attention attention) {
        var mixers = new HashMap<Mixer, Mixer>();
        List<Mixer> ofBlocks = IntStream.range(0, count)
                .<Mixer>mapToObj(block -> new SizedAttention(attention, headSize(block), keys(block)))
                .map(mixer -> mixers.computeIfAbsent(mixer, same -> same))
                .toList();
        return ofBlocks::get;
    }

    /** Gives a builder the mixers and weights of these blocks. */
    ArchitectureBuilder give(ArchitectureBuilder builder) {
        builder.usualMixers(this::mixers).carried(carried());
        int hidden = builder.extents().hidden();
        IntStream.range(0, count).forEach(number -> {
            builder.differing(block -> block == number, weights(number, hidden), without(number));
            if (shares(number)) {
                builder.ignore("layers\\." + number + "\\.self_attn\\.[kv]_(proj|norm)\\..*");
            }
        });
        return builder;
    }

    private String[] without(int block) {
        return shares(block) ? new String[] {Slot.KEY, Slot.VALUE, Slot.KEY_NORM} : new String[0];
    }

    private MixerWeights weights(int block, int hidden) {
        boolean biased = config.bool("attention_bias", false);
        int size = headSize(block);
        long queries = (long) config.integer("num_attention_heads", 8) * size;
        long inner = inner(block);
        MixerWeights weights = new MixerWeights("layers.{}.")
                .product(Slot.QUERY, "self_attn.q_proj", queries, hidden, biased)
                .product(Slot.ATTENTION_OUTPUT, "self_attn.o_proj", hidden, queries, biased)
                .norm(Slot.QUERY_NORM, "self_attn.q_norm", size)
                .product(Slot.GATE, "mlp.gate_proj", inner, hidden)
                .product(Slot.UP, "mlp.up_proj", inner, hidden)
                .product(Slot.DOWN, "mlp.down_proj", hidden, inner);
        if (shares(block)) {
            return weights;
        }
        String values = keysAreValues(block) ? "self_attn.k_proj" : "self_attn.v_proj";
        return weights.product(Slot.KEY, "self_attn.k_proj", width(block), hidden, biased)
                .product(Slot.VALUE, values, width(block), hidden, biased)
                .norm(Slot.KEY_NORM, "self_attn.k_norm", size);
    }
}
