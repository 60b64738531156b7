package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LayerReadout;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps everything that it is told. */
public class RecordingListener implements LensListener {

    public final List<LayerReadout> layers = new ArrayList<>();
    public final List<PositionTrajectory> trajectories = new ArrayList<>();
    public final List<Integer> blocksDone = new ArrayList<>();
    final List<Integer> layersDone = new ArrayList<>();
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
    public void forwardProgress(int done, int total) {
        blocksDone.add(done);
    }

    @Override
    public void lensProgress(int done, int total) {
        layersDone.add(done);
    }

    @Override
    public void targets(FinalTargets targets) {
        this.targets = targets;
    }

    @Override
    public void layer(LayerReadout readout) {
        layers.add(readout);
    }

    @Override
    public void trajectory(PositionTrajectory trajectory) {
        trajectories.add(trajectory);
    }
}
