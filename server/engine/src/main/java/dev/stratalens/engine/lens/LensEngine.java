package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.WantedPlan;
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
     * whatever goes wrong reaches the listeners of the plans that it concerns.
     *
     * @param plans 1 or more
     * @param interlude taken again and again; may call this method once more, with other plans
     */
    void run(List<WantedPlan> plans, Interlude interlude);

    /**
     * Computes one plan.
     *
     * @throws dev.stratalens.engine.error.LensCancelledException within one block or tile after the cancellation
     */
    default LensOutcome run(LensPlan plan, LensListener listener, Cancellation cancellation) {
        var outcome = new AwaitedOutcome(listener);
        run(List.of(new WantedPlan(plan, outcome, cancellation)), Interlude.NONE);
        return outcome.get();
    }

    /** Frees the weights. Must not be called while a plan runs. */
    @Override
    void close();
}
