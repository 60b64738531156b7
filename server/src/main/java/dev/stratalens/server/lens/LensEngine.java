package dev.stratalens.server.lens;

import dev.stratalens.server.model.ModelDescription;
import dev.stratalens.server.text.Tokenizer;

/**
 * One loaded model and its lens. The descriptions may be read from any thread; {@link #run} is not thread-safe, the
 * scheduler runs one plan at a time.
 */
public interface LensEngine extends AutoCloseable {

    /** Facts of the model. */
    ModelDescription description();

    /** Reads text as the model does. */
    Tokenizer tokenizer();

    /** Bytes that a plan takes beside the weights, computed from sizes alone: residual rows, attention workspace, work buffer. */
    long memoryNeed(LensPlan plan);

    /**
     * Computes a plan on the calling thread and hands over each result as it is complete.
     *
     * @throws dev.stratalens.server.error.LensCancelledException within one block or tile after the cancellation
     */
    LensOutcome run(LensPlan plan, LensListener listener, Cancellation cancellation);

    /** Frees the weights. Must not be called while a plan runs. */
    @Override
    void close();
}
