package dev.stratalens.engine.lens.result;

import java.util.OptionalDouble;

/**
 * Receives the result of a plan on the computing thread: progress at any time, {@link #targets} once, then {@link
 * #cells} for each lens and read point, then {@link #trajectory} for each lens and position if trajectories were
 * requested, then {@link #attribution} and {@link #attributed} if they were, then {@link #effect} likewise; last, exactly one of {@link #completed} and {@link #failed}. Read points and positions of each lens
 * ascend; different lenses come in any order. An exception that another method throws ends the plan, and {@link
 * #failed} gets it.
 */
public interface LensListener {

    /** Phases of a pass, in order. Each phase has one unit. */
    enum Phase {
        /** The forward pass, in blocks. */
        FORWARD,
        /** The lens, in rows of the head: one for each cell, and those of the model's own output if no cell is that. */
        LENS,
        /** The trajectories, in positions, counted for each lens. */
        TRAJECTORIES
    }

    /**
     * Reports the progress of a phase. Called at the start and the end of each phase, and often between: from one call
     * of this listener to the next, a pass computes at most one block or one group of rows.
     *
     * @param done units done so far; never decreases, and may stay while other plans of the pass are computed
     * @param total total units of the phase
     */
    default void progress(Phase phase, long done, long total) {}

    /** Receives the targets, known only after the forward pass. */
    default void targets(FinalTargets targets) {}

    /** Receives the complete cells of one lens at one read point. */
    void cells(CellReadout readout);

    /** Receives the trajectories of one position and one lens. */
    default void trajectory(PositionTrajectory trajectory) {}

    /** Receives what one part of the model writes toward the targets, if the plan asks; parts come in order. */
    default void attribution(AttributedPart part) {}

    /** Receives the logits that the attribution divides, once, after its parts. */
    default void attributed(AttributedLogits logits) {}

    /** Receives the token after the last one of the plan, if the plan has one to find; after everything else. */
    default void next(FoundToken token) {}

    /** Receives what the interventions of the plan did, if it asks; after all else of both passes. */
    default void effect(MeasuredEffect effect) {}

    /**
     * Receives the result of the unchanged pass, if the plan asks for it: everything but progress and failures. It is completed before
     * {@link #effect} is called.
     */
    default LensListener unchanged() {
        return readout -> {};
    }

    /**
     * Receives what a sweep compares with, before its cells.
     *
     * @param unchanged the metric without a change
     * @param source the metric of the source prompt; empty if there is none, or if it does not have the position
     */
    default void sweepBegins(double unchanged, OptionalDouble source) {}

    /**
     * Receives cells of a sweep, each once, in any order.
     *
     * @param first index of the first one
     * @param values of the metric; not copied: read-only
     */
    default void sweepCells(long first, float[] values) {}

    /** Called when the plan is done, after the whole result. */
    default void completed(LensOutcome outcome) {}

    /** Called when the plan ends without a complete result. */
    default void failed(Throwable failure) {}
}
