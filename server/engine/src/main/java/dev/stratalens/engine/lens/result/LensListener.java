package dev.stratalens.engine.lens.result;

/**
 * Receives the result of a plan on the computing thread: progress at any time, {@link #targets} once, then {@link #cells}
 * for each lens and read point, then {@link #trajectory} for each lens and position if trajectories were asked for; last,
 * exactly one of {@link #completed} and {@link #failed}. Read points and positions of each lens ascend; different lenses come
 * in any order. An exception that another method throws ends the plan, and {@link #failed} gets it.
 */
public interface LensListener {

    /** What is being computed, in order. Each phase counts in one unit. */
    enum Phase {
        /** The forward pass, in blocks. */
        FORWARD,
        /** The lens, in rows of the head: one for each cell, and those of the model's own output if no cell is that. */
        LENS,
        /** The trajectories, in positions, those of each lens counted apart. */
        TRAJECTORIES
    }

    /**
     * How far a phase is. Called at the start and the end of each phase, and often between: from one call of this listener
     * to the next, a pass computes at most one block or one group of rows.
     *
     * @param done units done so far; never falls, and may stay while other plans of the pass are computed
     * @param total units of the phase
     */
    default void progress(Phase phase, long done, long total) {}

    /** What is known only after the forward pass. */
    default void targets(FinalTargets targets) {}

    /** One lens at one read point, complete. */
    void cells(CellReadout readout);

    /** The tracked tokens of one position, by one lens. */
    default void trajectory(PositionTrajectory trajectory) {}

    /** The plan is done; the whole result was handed over. */
    default void completed(LensOutcome outcome) {}

    /** The plan ended without a complete result. */
    default void failed(Throwable failure) {}
}
