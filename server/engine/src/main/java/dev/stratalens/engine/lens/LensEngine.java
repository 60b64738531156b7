package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.plan.KnownLens;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.lens.transport.NamedLens;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.Tokenizer;
import java.util.List;

/**
 * A loaded model with its lenses. The descriptions may be read from any thread. {@link #run} is not thread-safe: run
 * one pass at a time.
 */
public interface LensEngine extends AutoCloseable {

    /** Description of the model. */
    ModelDescription description();

    /** The tokenizer of the model. */
    Tokenizer tokenizer();

    /** The fitted lenses of the model, in the order in which they were given. */
    default List<NamedLens> lenses() {
        return List.of();
    }

    /** Tells the weights from others; empty if the engine cannot tell. */
    default String weightsFingerprint() {
        return "";
    }

    /** What requests need to know of the fitted lenses. */
    default List<KnownLens> knownLenses() {
        return lenses().stream().map(NamedLens::known).toList();
    }

    /**
     * Memory of a plan in addition to the weights in bytes, computed from sizes alone: residual rows, attention workspace, work
     * buffer. Of several devices, the largest need on one.
     */
    long memoryNeed(LensPlan plan);

    /** Tensors outside the heap that are not freed, weights included; to find leaks. From any thread. */
    default int openTensors() {
        return 0;
    }

    /**
     * Computes several plans in one pass on the calling thread, and passes on each result as soon as it is complete.
     * Never throws: a failure goes to the listeners of the plans that it affects.
     *
     * @param plans 1 or more
     * @param interlude taken repeatedly; may call this method again with other plans
     */
    void run(List<WantedPlan> plans, Interlude interlude);

    /**
     * Computes one plan.
     *
     * @throws dev.stratalens.engine.error.LensCanceledException within one block or tile after the cancellation
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
