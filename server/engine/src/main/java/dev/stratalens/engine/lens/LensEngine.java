package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.LensTask;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.Tokenizer;
import java.util.List;

/**
 * One loaded model and its lenses. The descriptions may be read from any thread; {@link #run} is not thread-safe, the
 * scheduler runs one pass at a time.
 */
public interface LensEngine extends AutoCloseable {

    /** Facts of the model. */
    ModelDescription description();

    /** Reads text as the model does. */
    Tokenizer tokenizer();

    /** Bytes that a plan takes beside the weights, computed from sizes alone: residual rows, attention workspace, work buffer. */
    long memoryNeed(LensPlan plan);

    /**
     * Computes several plans in one pass on the calling thread, and hands over each result as it is complete. Never throws:
     * whatever goes wrong reaches the tasks that it concerns.
     *
     * @param tasks 1 or more
     * @param interlude taken again and again; may call this method once more, with other tasks
     */
    void run(List<LensTask> tasks, Interlude interlude);

    /**
     * Computes one plan.
     *
     * @throws dev.stratalens.engine.error.LensCancelledException within one block or tile after the cancellation
     */
    default LensOutcome run(LensPlan plan, LensListener listener, Cancellation cancellation) {
        var task = new SingleTask(plan, listener, cancellation);
        run(List.of(task), Interlude.NONE);
        return task.result();
    }

    /** Frees the weights. Must not be called while a plan runs. */
    @Override
    void close();
}
