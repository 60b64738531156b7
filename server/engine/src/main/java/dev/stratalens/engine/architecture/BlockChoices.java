package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.Attention;
import dev.stratalens.engine.architecture.mixer.Mixer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** What a row says so far of how blocks differ from each other: in their mixers, their feed-forwards, and single weights. */
final class BlockChoices {

    final List<MixedBlocks> mixed = new ArrayList<>();
    final List<DifferingBlocks> differing = new ArrayList<>();
    Optional<Mixture> mixture = Optional.empty();
    IntPredicate feedForward = block -> true;
    /** From the attention of a family to that of each of its blocks. */
    Function<Attention, IntFunction<Mixer>> usualMixers = attention -> block -> attention;

    /** What a block has in place of attention. */
    Optional<MixedBlocks> mixedAt(int block) {
        return mixed.stream().filter(some -> some.blocks().test(block)).findFirst();
    }

    /** The mixer of each block. */
    IntFunction<Mixer> mixers(Attention attention) {
        IntFunction<Mixer> usual = usualMixers.apply(attention);
        return block -> mixedAt(block).map(MixedBlocks::mixer).orElseGet(() -> usual.apply(block));
    }
}
