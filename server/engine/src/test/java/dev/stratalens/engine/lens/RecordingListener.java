package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener that records all calls. */
public class RecordingListener implements LensListener {

    public final List<CellReadout> layers = new ArrayList<>();
    public final List<PositionTrajectory> trajectories = new ArrayList<>();
    public final List<Integer> blocksDone = new ArrayList<>();
    private @Nullable FinalTargets targets;

    public FinalTargets targets() {
        return assertNotNull(targets, "no targets came");
    }

    private static <T> T assertNotNull(@Nullable T value, String message) {
        if (value == null) {
            throw new AssertionError(message);
        }
        return value;
    }

    @Override
    public void progress(Phase phase, long done, long total) {
        if (phase == Phase.FORWARD) {
            blocksDone.add((int) done);
        }
    }

    @Override
    public void targets(FinalTargets targets) {
        this.targets = targets;
    }

    @Override
    public void cells(CellReadout readout) {
        layers.add(readout);
    }

    @Override
    public void trajectory(PositionTrajectory trajectory) {
        trajectories.add(trajectory);
    }
}
