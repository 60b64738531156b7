package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.weight.MixerWeights;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Blocks whose parts are not those of the others.
 *
 * @param blocks these blocks
 * @param without parts that they lack
 * @param weights that they have in addition, or in place of the usual ones, by block
 */
record DifferingBlocks(IntPredicate blocks, List<String> without, IntFunction<MixerWeights> weights) {}
