package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Blocks with a mixer in place of attention.
 *
 * @param blocks these blocks
 * @param mixer their mixer
 * @param weights of the mixer, by slot
 */
record MixedBlocks(IntPredicate blocks, Mixer mixer, Map<String, WeightSource> weights) {}
