package dev.stratalens.engine.architecture.mixer;

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

    /** Number of tensors that a prompt remembers for a block. */
    int remembered();

    /** Factor on what attention heads write, beside those of the block. */
    default double headFactor() {
        return 1;
    }

    /** Whether the memory of more tokens includes that of fewer, as keys and values do. Others are overwritten. */
    default boolean growing() {
        return false;
    }
}
