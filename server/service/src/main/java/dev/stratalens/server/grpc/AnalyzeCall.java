package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.model.ModelDescription;
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
                        : event.setDone((int) progress.done()).setTotal((int) progress.total()));
    }

    @Override
    public void queued(int ahead) {
        // Not throttled: each position is told once.
        send(LensProgress.newBuilder().setPhase(Phase.PHASE_QUEUED).setQueuePosition(ahead));
    }

    @Override
    public boolean neverWaits(LensPlan plan, ModelDescription model) {
        return sink.holds(AnswerSize.atMost(plan, model.vocabularySize()));
    }

    @Override
    public JobResults started(JobStart start) {
        TokenTexts texts = new TokenTexts(start.engine().tokenizer());
        LensEvents events = new LensEvents(options, start, texts);
        sink.write(AnalyzeResponse.newBuilder().setHeader(events.header()).build());
        return new Results(
                events,
                new LayerChunks(start.request().plan(), texts),
                new TrajectoryChunks(start.request().plan().readPoints().size(), options.trajectoryEncoding()),
                start.request().plan().readPoints().size());
    }

    @Override
    public void stopping() {
        sink.waitNoMore();
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
        private final int layerCount;
        private int layersSent;

        Results(LensEvents events, LayerChunks layers, TrajectoryChunks trajectories, int layerCount) {
            this.events = events;
            this.layers = layers;
            this.trajectories = trajectories;
            this.layerCount = layerCount;
        }

        @Override
        public void progress(LensListener.Phase phase, long done, long total) {
            if (phase == LensListener.Phase.FORWARD) {
                AnalyzeCall.this.progress(dev.stratalens.v1.Phase.PHASE_FORWARD, (int) done, (int) total);
            }
        }

        @Override
        public void targets(FinalTargets targets) {
            sink.write(AnalyzeResponse.newBuilder()
                    .setTargets(events.targets(targets))
                    .build());
        }

        @Override
        public void cells(CellReadout readout) {
            layers.split(
                    readout,
                    chunk -> sink.write(
                            AnalyzeResponse.newBuilder().setLayerChunk(chunk).build()));
            layersSent++;
            AnalyzeCall.this.progress(dev.stratalens.v1.Phase.PHASE_LENS, layersSent, layerCount);
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
