package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LayerReadout;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.server.models.ModelState;
import dev.stratalens.server.models.ModelState.Loading.Step;
import dev.stratalens.server.scheduling.JobListener;
import dev.stratalens.server.scheduling.JobResults;
import dev.stratalens.server.scheduling.JobStart;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensProgress;
import dev.stratalens.v1.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what happens to one job into the events of its answer. */
final class AnalyzeCall implements JobListener {

    private static final Logger LOG = LoggerFactory.getLogger(AnalyzeCall.class);
    private static final int LOGGED_BYTES = 500;

    private final WireOptions options;
    private final MessageSink<AnalyzeResponse> sink;
    private final String loggedId;
    private final ProgressThrottle<Phase> throttle = new ProgressThrottle<>(System::nanoTime);

    AnalyzeCall(WireOptions options, MessageSink<AnalyzeResponse> sink) {
        this.options = options;
        this.sink = sink;
        loggedId = forLog('"' + options.requestId() + '"');
    }

    @Override
    public void loading(ModelState.Loading progress) {
        if (!throttle.passes(Phase.PHASE_LOADING, progress.done(), progress.total())) {
            return;
        }
        LensProgress.Builder event = LensProgress.newBuilder().setPhase(Phase.PHASE_LOADING);
        send(
                progress.step() == Step.DOWNLOAD
                        ? event.setDownloadedBytes(progress.done()).setDownloadBytes(progress.total())
                        : event.setDone(fraction(progress.done(), progress.total()))
                                .setTotal(fraction(progress.total(), progress.total())));
    }

    /** Bytes of a message whose numbers are smaller than some models, in a unit that fits. */
    private static int fraction(long bytes, long total) {
        return (int) (bytes >> Math.max(0, Integer.SIZE + 1 - Long.numberOfLeadingZeros(total)));
    }

    @Override
    public void queued(int ahead) {
        // Not throttled: each position is told once.
        send(LensProgress.newBuilder().setPhase(Phase.PHASE_QUEUED).setQueuePosition(ahead));
    }

    @Override
    public JobResults started(JobStart start) {
        TokenTexts texts = new TokenTexts(start.engine().tokenizer());
        LensEvents events = new LensEvents(options, start, texts);
        sink.write(AnalyzeResponse.newBuilder().setHeader(events.header()).build());
        return new Results(
                events,
                new LayerChunks(start.request().plan(), texts),
                new TrajectoryChunks(start.request().plan().layers().length, options.trajectoryEncoding()));
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

    private void progress(Phase phase, int done, int total) {
        if (throttle.passes(phase, done, total)) {
            send(LensProgress.newBuilder().setPhase(phase).setDone(done).setTotal(total));
        }
    }

    private void send(LensProgress.Builder progress) {
        sink.offer(AnalyzeResponse.newBuilder().setProgress(progress).build());
    }

    private final class Results implements JobResults {
        private final LensEvents events;
        private final LayerChunks layers;
        private final TrajectoryChunks trajectories;

        Results(LensEvents events, LayerChunks layers, TrajectoryChunks trajectories) {
            this.events = events;
            this.layers = layers;
            this.trajectories = trajectories;
        }

        @Override
        public void forwardProgress(int done, int total) {
            progress(Phase.PHASE_FORWARD, done, total);
        }

        @Override
        public void lensProgress(int done, int total) {
            progress(Phase.PHASE_LENS, done, total);
        }

        @Override
        public void targets(FinalTargets targets) {
            sink.write(AnalyzeResponse.newBuilder()
                    .setTargets(events.targets(targets))
                    .build());
        }

        @Override
        public void layer(LayerReadout readout) {
            layers.split(
                    readout,
                    chunk -> sink.write(
                            AnalyzeResponse.newBuilder().setLayerChunk(chunk).build()));
        }

        @Override
        public void trajectory(PositionTrajectory trajectory) {
            trajectories.split(
                    trajectory,
                    chunk -> sink.write(AnalyzeResponse.newBuilder()
                            .setTrajectoryChunk(chunk)
                            .build()));
        }

        @Override
        public void completed(LensOutcome outcome) {
            sink.write(AnalyzeResponse.newBuilder()
                    .setSummary(events.summary(outcome))
                    .build());
            sink.complete();
            LOG.info(
                    "analyze {} done: forward {} ms, lens {} ms",
                    loggedId,
                    outcome.forward().toMillis(),
                    outcome.lens().toMillis());
        }
    }
}
