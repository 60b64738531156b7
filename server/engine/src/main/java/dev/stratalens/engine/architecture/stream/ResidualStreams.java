package dev.stratalens.engine.architecture.stream;

import java.util.Map;

/**
 * The residual streams of a model: one vector for each token, or several. Each kind is one program with the methods {@code
 * entered} (from the embedding of a token to its streams), {@code step} (a block around its mixer and its feed-forward) and
 * {@code read_streams} (the vector that the model itself makes of them before its final norm, which lenses read). In a row, the
 * streams come first, one after another.
 */
public interface ResidualStreams {

    /** Name of the TorchScript text. */
    String program();

    /** Attributes of the text: Long, Double, Boolean or String. */
    Map<String, Object> constants();

    /** Number of vectors for each token. */
    int count();
}
