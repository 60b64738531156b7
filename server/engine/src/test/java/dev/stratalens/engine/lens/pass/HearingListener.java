package dev.stratalens.engine.lens.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.lens.result.WantedPlan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Notes the groups of rows that are read between two calls of its listener, and how far it is told to be. */
final class HearingListener implements LensListener {

    private final LensPlan plan;
    private final CountingKernel kernel;
    private final Map<Phase, List<Long>> done = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> totals = new EnumMap<>(Phase.class);
    private final List<Throwable> failures = new ArrayList<>();
    private int heard;
    private int most;
    private boolean completed;

    HearingListener(LensPlan plan, CountingKernel kernel) {
        this.plan = plan;
        this.kernel = kernel;
    }

    /** Fails if more than one group was read in silence, or a phase did not go from 0 to its total. */
    void requireComplete() {
        assertEquals(List.of(), failures);
        assertTrue(completed);
        assertEquals(1, most, "groups between two calls");
        assertEquals(plan.minimumPeak().isPresent() ? 3 : 2, done.size());
        done.forEach((phase, counts) -> {
            assertEquals(counts.stream().sorted().toList(), counts, phase + " goes back");
            assertEquals(0L, counts.get(0), phase + " begins");
            assertEquals(totals.get(phase), counts.get(counts.size() - 1), phase + " ends");
        });
    }

    private void hear() {
        most = Math.max(most, kernel.groups() - heard);
        heard = kernel.groups();
    }

    @Override
    public void progress(Phase phase, long units, long total) {
        hear();
        done.computeIfAbsent(phase, key -> new ArrayList<>()).add(units);
        totals.put(phase, total);
    }

    @Override
    public void targets(FinalTargets targets) {
        hear();
    }

    @Override
    public void cells(CellReadout readout) {
        hear();
    }

    @Override
    public void trajectory(PositionTrajectory trajectory) {
        hear();
    }

    /** Its plan, wanted by it. */
    WantedPlan wanted() {
        return new WantedPlan(plan, this, () -> false);
    }

    @Override
    public void completed(LensOutcome outcome) {
        hear();
        completed = true;
    }

    @Override
    public void failed(Throwable failure) {
        failures.add(failure);
    }
}
