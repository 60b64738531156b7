package dev.stratalens.engine.architecture.mixer;

import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.List;
import java.util.Map;

/**
 * The part of a block that moves information between tokens. Each kind is one program with a method {@code mix}, which is
 * compiled together with the block. Its weights are among those of the block.
 */
public interface Mixer {

    /** What it is called, for people. */
    String title();

    /** Names of the TorchScript texts, besides that of the block. */
    List<String> programs();

    /** Attributes of the texts: Long, Double, Boolean or String. */
    Map<String, Object> constants();

    /** Tokens by which the memory of a growing mixer grows at a time. */
    long STATE_STEP = 256;

    /** Number of tensors that a prompt remembers for a block. */
    int remembered();

    /** Their size, from the weights of a block by slot. */
    MixerState state(Map<String, WeightSource> weights);

    /** Factor on what attention heads write, beside those of the block. */
    default double headFactor() {
        return 1;
    }

    /** Whether the memory of more tokens includes that of fewer, as keys and values do. Others are overwritten. */
    default boolean growing() {
        return false;
    }
}
