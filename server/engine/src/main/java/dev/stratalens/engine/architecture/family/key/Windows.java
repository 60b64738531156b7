package dev.stratalens.engine.architecture.family.key;

import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Blocks that see only a window of keys. A list {@code layer_types} overrides the rule of a class. */
public final class Windows {

    private static final String SIZE = "sliding_window";
    private static final String PATTERN = "sliding_window_pattern";
    private static final String LAYER_TYPES = "layer_types";
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private Windows() {}

    /** Size of a window in keys; 0 if the key is null or missing. */
    public static int size(HfConfig config) {
        return config.integer(SIZE, 0);
    }

    /** Size of a window in keys; null means no window, a missing key means the class default. */
    public static int size(HfConfig config, int classDefault) {
        return config.names(SIZE) ? size(config) : classDefault;
    }

    /** Size of a window in keys, which counts only if it is switched on. */
    public static int switchedOn(HfConfig config, int classDefault) {
        return config.bool("use_sliding_window", false) ? size(config, classDefault) : 0;
    }

    /** The window in every block. */
    public static IntUnaryOperator everywhere(HfConfig config) {
        return of(config, size(config), block -> true);
    }

    /** The window in the blocks of the rule, unless the file lists kinds of blocks. */
    public static IntUnaryOperator of(HfConfig config, int size, IntPredicate rule) {
        IntPredicate windowed = windowed(config, rule);
        return block -> size > 0 && windowed.test(block) ? size : 0;
    }

    /** The rule, unless the file lists kinds of blocks. */
    public static IntPredicate windowed(HfConfig config, IntPredicate rule) {
        return BlockKinds.of(config, LAYER_TYPES, List.of(SLIDING), List.of(FULL), rule);
    }

    /** Length of the pattern whose last block has no window; for a text such as {@code LLLG}, its number of letters. */
    public static int pattern(HfConfig config, int classDefault) {
        return config.isText(PATTERN) ? config.string(PATTERN).length() : config.integer(PATTERN, classDefault);
    }

    /** All except every n-th block. */
    public static IntPredicate butEvery(int pattern) {
        return block -> (block + 1) % pattern != 0;
    }
}
