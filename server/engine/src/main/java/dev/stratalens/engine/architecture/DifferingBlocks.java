package dev.stratalens.engine.architecture;

import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Blocks whose parts are not those of the others.
 *
 * @param blocks these blocks
 * @param without parts that they lack
 * @param weights that they have in addition, or in place of the usual ones, by slot
 */
record DifferingBlocks(IntPredicate blocks, List<String> without, Map<String, WeightSource> weights) {}
