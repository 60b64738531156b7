package dev.stratalens.server.grpc;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.grpc.result.SweepEvents;
import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.scheduling.RequestListener;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.server.watch.RequestRecord;
import dev.stratalens.server.watch.Work;
import dev.stratalens.v1.Progress;
import dev.stratalens.v1.SweepEvent;
import dev.stratalens.v1.SweepRequest;
import dev.stratalens.v1.SweepResponse;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Turns what happens to one sweep into the events of its answer. */
final class SweepAnswer implements RequestListener {

    private final SweepRequest asked;
    private final MessageSink<SweepResponse> sink;
    private final RequestRecord request;
    private final AnswerProgress<SweepResponse> progress;
    private @Nullable RequestStart start;

    /**
     * @param nanoTime by which progress is spaced
     * @param request learns what is computed
     */
    SweepAnswer(SweepRequest asked, MessageSink<SweepResponse> sink, LongSupplier nanoTime, RequestRecord request) {
        this.asked = asked;
        this.sink = sink;
        this.request = request;
        this.progress = new AnswerProgress<>(sink, SweepAnswer::message, nanoTime);
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
    public void started(RequestStart begun) {
        request.started(Work.begun(begun.request().plan(), begun.queued()));
        start = begun;
    }

    @Override
    public void sweepBegins(double unchanged, OptionalDouble source) {
        sink.hold(message(SweepEvents.begin(asked, start(), unchanged, source)));
    }

    @Override
    public void sweepCells(long first, float[] values) {
        sink.hold(message(List.of(SweepEvents.cells(first, values))));
    }

    @Override
    public void progress(Phase phase, long done, long total) {
        progress.computing(phase, done, total);
    }

    @Override
    public void cells(CellReadout readout) {
        throw new IllegalStateException("A sweep reads no lens.");
    }

    @Override
    public void completed(LensOutcome outcome) {
        request.computed(outcome.forward(), outcome.lens());
        sink.write(message(List.of(SweepEvents.summary(start(), outcome))));
        sink.complete();
    }

    @Override
    public void failed(Throwable failure) {
        sink.fail(failure);
    }

    private RequestStart start() {
        return requireNonNull(start);
    }

    private static SweepResponse message(List<SweepEvent> events) {
        return SweepResponse.newBuilder().addAllEvents(events).build();
    }

    private static SweepResponse message(Progress progress) {
        return message(List.of(SweepEvent.newBuilder().setProgress(progress).build()));
    }
}
