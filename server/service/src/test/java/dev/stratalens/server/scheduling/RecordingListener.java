package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.generation.GenerationEnd;
import dev.stratalens.engine.lens.generation.NewToken;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.server.models.ServingState;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Remembers what a request's caller would have heard. */
public final class RecordingListener implements RequestListener {

    private static final long PATIENCE_SECONDS = 20;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private String lastProgress = "";
    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();

    @Override
    public void loading(ServingState.Loading progress) {
        heard.add("loading " + progress.done() + "/" + progress.total());
    }

    @Override
    public void queued(int ahead) {
        heard.add("queued " + ahead);
    }

    @Override
    public void started(RequestStart start) {
        heard.add("started");
    }

    @Override
    public void generated(NewToken token, LensPlan row, boolean isLast) {
        heard.add("token " + token.position() + (isLast ? ", last" : ""));
    }

    @Override
    public void generationEnded(GenerationEnd end) {
        heard.add(end.cause() + " after " + end.count());
    }

    @Override
    public void completed(LensOutcome outcome) {
        heard.add("completed");
        outcomes.add(outcome);
    }

    @Override
    public void failed(Throwable failure) {
        heard.add("failed " + failure.getClass().getSimpleName());
        outcomes.add(failure);
    }

    @Override
    public void progress(Phase phase, long done, long total) {
        String progress = "%s %d/%d".formatted(phase, done, total);
        if (progress.equals(lastProgress)) {
            heard.add("others compute");
        }
        lastProgress = progress;
    }

    @Override
    public void targets(FinalTargets targets) {}

    @Override
    public void cells(CellReadout readout) {}

    @Override
    public void trajectory(PositionTrajectory trajectory) {}

    /** Everything so far, in order. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    /** Waits for the end of the request: a {@link LensOutcome} or a {@link Throwable}. */
    public Object awaitOutcome() throws InterruptedException {
        Object outcome = outcomes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (outcome == null) {
            throw new AssertionError("The request did not end; heard: " + heard);
        }
        return outcome;
    }

    /** Whether an outcome came that nobody has waited for. */
    boolean hasAnotherOutcome() {
        return !outcomes.isEmpty();
    }
}
