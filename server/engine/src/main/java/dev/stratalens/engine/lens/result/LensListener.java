package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.LensEngine;

/**
 * Receives the results of a plan on the computing thread, in this order: progress at any time, {@link #targets} once,
 * then {@link #layer} for every layer ascending, then {@link #trajectory} for every position ascending if trajectories
 * were asked for. An exception thrown here ends the computation and reaches the caller of {@link LensEngine#run}.
 */
public interface LensListener {

    /** Blocks of the forward pass done so far. */
    void forwardProgress(int done, int total);

    /** Layers read so far. */
    void lensProgress(int done, int total);

    /** What is known only after the forward pass. */
    void targets(FinalTargets targets);

    /** One complete layer. */
    void layer(LayerReadout readout);

    /** The tracked tokens of one position. */
    void trajectory(PositionTrajectory trajectory);
}
