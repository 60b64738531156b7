package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Blocks with a mixer in place of attention.
 *
 * @param blocks these blocks
 * @param mixer their mixer
 * @param weights of the mixer, by slot
 */
record MixedBlocks(IntPredicate blocks, Mixer mixer, Map<String, WeightSource> weights) {

    /** The mixer of a block, if it is not attention. */
    static Optional<MixedBlocks> at(int block, List<MixedBlocks> all) {
        return all.stream().filter(some -> some.blocks().test(block)).findFirst();
    }
}
