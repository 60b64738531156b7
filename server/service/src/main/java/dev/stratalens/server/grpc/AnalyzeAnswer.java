package dev.stratalens.server.grpc;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.generation.GenerationEnd;
import dev.stratalens.engine.lens.generation.NewToken;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.MeasuredEffect;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.server.grpc.result.ResultEvents;
import dev.stratalens.server.grpc.result.WireOptions;
import dev.stratalens.server.grpc.stream.EventOutbox;
import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.scheduling.RequestListener;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.server.watch.RequestRecord;
import dev.stratalens.server.watch.Work;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.Progress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Turns what happens to one request into the events of its answer, which may be that of Generate. */
final class AnalyzeAnswer implements RequestListener {

    private final WireOptions options;
    private final MessageSink<AnalyzeResponse> sink;
    private final EventOutbox outbox;
    private final RequestRecord request;
    private final AnswerProgress<AnalyzeResponse> progress;
    /** Once it runs. */
    private @Nullable ResultEvents events;
    /** Of the unchanged pass, if it has a result. */
    private @Nullable ResultEvents unchanged;

    /**
     * @param nanoTime by which progress is spaced
     * @param request learns what is computed
     */
    AnalyzeAnswer(
            WireOptions options, MessageSink<AnalyzeResponse> sink, LongSupplier nanoTime, RequestRecord request) {
        this.options = options;
        this.sink = sink;
        outbox = new EventOutbox(sink);
        progress = new AnswerProgress<>(sink, AnalyzeAnswer::message, nanoTime);
        this.request = request;
    }

    @Override
    public long memoryNeed(LensPlan plan, ModelDescription model) {
        return ResultEvents.memoryNeed(plan, model.vocabularySize());
    }

    @Override
    public void loading(ServingState.Loading loading) {
        progress.loading(loading);
    }

    @Override
    public void queued(int ahead) {
        progress.queued(ahead);
    }

    @Override
    public void started(RequestStart start) {
        request.started(Work.begun(start.request().plan(), start.queued()));
        ResultEvents begun = new ResultEvents(options, start, outbox::add);
        begun.begin();
        if (ResultEvents.hasUnchanged(start.request().plan())) {
            unchanged = ResultEvents.unchanged(options, start, outbox::add);
            unchanged.begin();
        }
        outbox.flush();
        events = begun;
    }

    @Override
    public void progress(Phase phase, long done, long total) {
        if (phase == Phase.TRAJECTORIES && done == 0) {
            // The reader takes the cells up while the trajectories are computed, instead of after them.
            outbox.send();
        } else {
            outbox.flush();
        }
        progress.computing(phase, done, total);
    }

    @Override
    public void targets(FinalTargets targets) {
        events().targets(targets);
    }

    @Override
    public void cells(CellReadout readout) {
        events().cells(readout);
    }

    @Override
    public void trajectory(PositionTrajectory trajectory) {
        events().trajectory(trajectory);
    }

    @Override
    public void attribution(AttributedPart part) {
        events().attribution(part);
    }

    @Override
    public void attributed(AttributedLogits logits) {
        events().attributed(logits);
    }

    @Override
    public void generated(NewToken token, LensPlan row, boolean isLast) {
        request.generated(row.cellCount());
        events().generated(token, row, isLast);
        outbox.send();
    }

    @Override
    public void generationEnded(GenerationEnd end) {
        events().generationEnded(end);
    }

    @Override
    public void effect(MeasuredEffect effect) {
        events().effect(effect);
    }

    @Override
    public LensListener unchanged() {
        return unchanged == null ? RequestListener.super.unchanged() : unchanged;
    }

    @Override
    public void completed(LensOutcome outcome) {
        request.computed(outcome.forward(), outcome.lens());
        events().completed(outcome);
        outbox.send();
        sink.complete();
    }

    private ResultEvents events() {
        return requireNonNull(events);
    }

    @Override
    public void failed(Throwable failure) {
        sink.fail(failure);
    }

    private static AnalyzeResponse message(Progress progress) {
        return AnalyzeResponse.newBuilder()
                .addEvents(Event.newBuilder().setProgress(progress))
                .build();
    }
}
