package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.server.grpc.message.ModelMessages;
import dev.stratalens.server.grpc.result.ResultEvents;
import dev.stratalens.server.grpc.result.WireOptions;
import dev.stratalens.server.grpc.status.Excerpt;
import dev.stratalens.server.grpc.stream.EventOutbox;
import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.grpc.stream.ProgressThrottle;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.scheduling.RequestListener;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.server.scheduling.ResultListener;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Progress;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what happens to one request into the events of its answer. */
final class AnalyzeAnswer implements RequestListener {

    private static final Logger LOG = LoggerFactory.getLogger(AnalyzeAnswer.class);
    private static final int LOGGED_BYTES = 500;
    private static final String PHASE = "PHASE_";
    private static final int UNKNOWN = -1;

    private final WireOptions options;
    private final MessageSink<AnalyzeResponse> sink;
    private final String loggedId;
    private final ProgressThrottle<Phase> throttle;
    /** Requests that came first when this one came; told one at a time. */
    private int aheadAtFirst = UNKNOWN;

    /** @param nanoTime by which progress is spaced */
    AnalyzeAnswer(WireOptions options, MessageSink<AnalyzeResponse> sink, LongSupplier nanoTime) {
        this.options = options;
        this.sink = sink;
        throttle = new ProgressThrottle<>(nanoTime);
        loggedId = forLog('"' + options.requestId() + '"');
    }

    @Override
    public long memoryNeed(LensPlan plan, ModelDescription model) {
        return ResultEvents.memoryNeed(plan, model.vocabularySize());
    }

    @Override
    public void loading(ServingState.Loading loading) {
        Progress progress = ModelMessages.progress(loading);
        if (throttle.passes(progress.getPhase(), progress.getDone(), progress.getTotal())) {
            send(progress);
        }
    }

    @Override
    public void queued(int ahead) {
        if (aheadAtFirst == UNKNOWN) {
            aheadAtFirst = ahead;
        }
        // Not throttled: each position is told once.
        send(Progress.newBuilder()
                .setPhase(Phase.PHASE_QUEUED)
                .setDone(aheadAtFirst - ahead)
                .setTotal(aheadAtFirst)
                .build());
    }

    @Override
    public ResultListener started(RequestStart start) {
        var outbox = new EventOutbox(sink);
        var events = new ResultEvents(options, start, outbox::add);
        events.begin();
        outbox.flush();
        return new Results(events, outbox);
    }

    @Override
    public void failed(Throwable failure) {
        if (failure instanceof LensCancelledException) {
            LOG.info("analyze {} cancelled", loggedId);
        } else {
            LOG.info("analyze {} failed: {}", loggedId, forLog(failure.toString()));
        }
        sink.fail(failure);
    }

    /** A caller must not be able to fill the log, nor to write lines of its own into it. */
    private static String forLog(String quoted) {
        return Excerpt.of(quoted, LOGGED_BYTES).replaceAll("\\p{Cntrl}", "?");
    }

    private static Progress progressOf(LensListener.Phase phase, long done, long total) {
        return ModelMessages.progress(Phase.valueOf(PHASE + phase.name()), done, total);
    }

    private void send(Progress progress) {
        sink.offer(AnalyzeResponse.newBuilder()
                .addEvents(Event.newBuilder().setProgress(progress))
                .build());
    }

    private final class Results implements ResultListener {
        private final ResultEvents events;
        private final EventOutbox outbox;
        private Progress last = Progress.getDefaultInstance();

        Results(ResultEvents events, EventOutbox outbox) {
            this.events = events;
            this.outbox = outbox;
        }

        @Override
        public void progress(LensListener.Phase phase, long done, long total) {
            outbox.flush();
            last = progressOf(phase, done, total);
            if (throttle.passes(last.getPhase(), done, total)) {
                send(last);
            }
        }

        @Override
        public void othersCompute() {
            if (throttle.passesBetween()) {
                outbox.flush();
                send(last);
            }
        }

        @Override
        public void targets(FinalTargets targets) {
            events.targets(targets);
        }

        @Override
        public void cells(CellReadout readout) {
            events.cells(readout);
        }

        @Override
        public void trajectory(PositionTrajectory trajectory) {
            events.trajectory(trajectory);
        }

        @Override
        public void completed(LensOutcome outcome) {
            events.end(outcome);
            outbox.flush();
            sink.complete();
            LOG.info(
                    "analyze {} done: forward {} ms, lens {} ms",
                    loggedId,
                    outcome.forward().toMillis(),
                    outcome.lens().toMillis());
        }
    }
}
