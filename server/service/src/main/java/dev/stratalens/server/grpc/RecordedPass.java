package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A model that computes its first plan, and gives every later one the same results at once. For plans that are all alike.
 *
 * @param results of the first plan, in their order; empty before it
 */
record RecordedPass(LensEngine model, List<Consumer<LensListener>> results) implements LensEngine {

    RecordedPass(LensEngine model) {
        this(model, new ArrayList<>());
    }

    @Override
    public ModelDescription description() {
        return model.description();
    }

    @Override
    public Tokenizer tokenizer() {
        return model.tokenizer();
    }

    @Override
    public long memoryNeed(LensPlan plan) {
        return model.memoryNeed(plan);
    }

    @Override
    public void run(List<WantedPlan> plans, Interlude interlude) {
        if (results.isEmpty()) {
            WantedPlan first = plans.get(0);
            model.run(List.of(new WantedPlan(first.plan(), new Recorder(), first.cancellation())), Interlude.NONE);
        }
        plans.forEach(plan -> repeat(plan.listener()));
    }

    private void repeat(LensListener listener) {
        try {
            results.forEach(result -> result.accept(listener));
        } catch (RuntimeException failure) {
            listener.failed(failure);
        }
    }

    @Override
    public void close() {
        model.close();
    }

    private final class Recorder implements LensListener {

        @Override
        public void progress(Phase phase, long done, long total) {
            results.add(listener -> listener.progress(phase, done, total));
        }

        @Override
        public void targets(FinalTargets targets) {
            results.add(listener -> listener.targets(targets));
        }

        @Override
        public void cells(CellReadout readout) {
            results.add(listener -> listener.cells(readout));
        }

        @Override
        public void trajectory(PositionTrajectory trajectory) {
            results.add(listener -> listener.trajectory(trajectory));
        }

        @Override
        public void attribution(AttributedPart part) {
            results.add(listener -> listener.attribution(part));
        }

        @Override
        public void attributed(AttributedLogits logits) {
            results.add(listener -> listener.attributed(logits));
        }

        @Override
        public void completed(LensOutcome outcome) {
            results.add(listener -> listener.completed(outcome));
        }

        @Override
        public void failed(Throwable failure) {
            results.add(listener -> listener.failed(failure));
        }
    }
}
