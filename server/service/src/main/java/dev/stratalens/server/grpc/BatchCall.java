package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.server.error.ReaderTooSlowException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.LensJob;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.WhenFull;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream of prompts. Takes the next one only while fewer than a window are in flight and the reader keeps up, so that
 * neither memory nor queue grows with the corpus. Thread-safe; the writer, the scheduler and the call are never called
 * under the lock, but for the question whether the writer is ready.
 */
final class BatchCall implements StreamObserver<AnalyzeBatchRequest> {

    private final ServerCallStreamObserver<AnalyzeBatchResponse> call;
    private final StreamWriter<AnalyzeBatchResponse> writer;
    private final ModelRegistry registry;
    private final LensScheduler scheduler;
    private final FailureStatus failures;
    private final int window;

    // Guarded by this.
    private final UsedTags tags = new UsedTags();
    private final Map<Long, LensJob> inFlight = new HashMap<>();
    private boolean asked;
    private boolean readingIsOver;
    private @Nullable Throwable ending;
    private boolean over;

    BatchCall(
            ServerCallStreamObserver<AnalyzeBatchResponse> call,
            StreamWriter<AnalyzeBatchResponse> writer,
            ModelRegistry registry,
            LensScheduler scheduler,
            FailureStatus failures,
            int window) {
        this.call = call;
        this.writer = writer;
        this.registry = registry;
        this.scheduler = scheduler;
        this.failures = failures;
        this.window = window;
    }

    /** Begins to take prompts; call before the service method returns. */
    void begin() {
        call.disableAutoRequest();
        writer.whenReady(this::advance);
        writer.whenCutOff(this::cancel);
        writer.whenBehind(this::hold);
        advance();
    }

    @Override
    public void onNext(AnalyzeBatchRequest prompt) {
        long tag = prompt.getTag();
        try {
            if (accept(tag)) {
                submit(tag, prompt.getRequest());
            }
        } catch (InvalidFieldException failure) {
            fail(failure);
        }
        advance();
    }

    /** The client goes away; the cancel handler sees to it. */
    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
        synchronized (this) {
            readingIsOver = true;
        }
        advance();
    }

    /** Takes no more prompts: the stream ends as the server does, once what is in flight has been answered. */
    void stop() {
        synchronized (this) {
            if (!readingIsOver) {
                endWith(new ServerStoppingException());
            }
        }
        advance();
    }

    /** Has the prompts that do not run yet wait for the reader, or go on. */
    private void hold(boolean behind) {
        List<LensJob> jobs;
        synchronized (this) {
            jobs = List.copyOf(inFlight.values());
        }
        jobs.forEach(job -> job.hold(behind));
    }

    /** The caller went away: ends all its jobs. */
    void cancel() {
        writer.cancel();
        end().forEach(LensJob::cancel);
    }

    private void fail(Throwable failure) {
        writer.fail(failure);
        end().forEach(LensJob::cancel);
    }

    /** Notes the tag; false if nothing is taken any more. */
    private synchronized boolean accept(long tag) {
        asked = false;
        if (over || ending != null) {
            return false;
        }
        tags.add(tag);
        return true;
    }

    private void submit(long tag, AnalyzeRequest request) {
        Prompt prompt;
        try {
            prompt = Prompt.read(request, registry);
        } catch (RuntimeException failure) {
            sendError(tag, failure, request.getModel());
            return;
        }
        TaggedSink sink =
                new TaggedSink(tag, writer, new Outcome(tag, prompt.model().name()));
        LensJob job = prompt.job(sink, WhenFull.WAIT);
        synchronized (this) {
            if (over) {
                return;
            }
            inFlight.put(tag, job);
        }
        scheduler.submit(prompt.model(), job);
    }

    private void sendError(long tag, Throwable failure, String model) {
        writer.add(AnalyzeBatchResponse.newBuilder()
                .setTag(tag)
                .setError(failures.statusOf(failure, model))
                .build());
    }

    /** Does what the state allows now. */
    private void advance() {
        switch (nextStep()) {
            case ASK -> call.request(1);
            case FINISH -> finish();
            case NOTHING -> {}
        }
    }

    private enum Step {
        ASK,
        FINISH,
        NOTHING
    }

    private synchronized Step nextStep() {
        if (over) {
            return Step.NOTHING;
        }
        if (readingIsOver) {
            over = inFlight.isEmpty();
            return over ? Step.FINISH : Step.NOTHING;
        }
        if (asked || inFlight.size() >= window || !writer.isReady()) {
            return Step.NOTHING;
        }
        asked = true;
        return Step.ASK;
    }

    private void finish() {
        Throwable failure = ending();
        if (failure == null) {
            writer.complete();
        } else {
            writer.failAtLast(failure);
        }
    }

    private synchronized @Nullable Throwable ending() {
        return ending;
    }

    /** Lets what is in flight end first; takes nothing more. */
    private synchronized void endWith(Throwable failure) {
        readingIsOver = true;
        ending = failure;
    }

    /** Ends it here and now; gives the jobs that are left. */
    private synchronized List<LensJob> end() {
        over = true;
        List<LensJob> left = List.copyOf(inFlight.values());
        inFlight.clear();
        return left;
    }

    /** What becomes of one prompt. */
    private final class Outcome implements TaggedSink.Ending {
        private final long tag;
        private final String model;

        Outcome(long tag, String model) {
            this.tag = tag;
            this.model = model;
        }

        @Override
        public void completed() {
            leave();
        }

        @Override
        public void failed(Throwable failure) {
            if (failure instanceof ReaderTooSlowException) {
                fail(failure);
            } else if (failure instanceof ServerStoppingException) {
                endWith(failure);
            } else if (!(failure instanceof LensCancelledException)) {
                sendError(tag, failure, model);
            }
            leave();
        }

        private void leave() {
            synchronized (BatchCall.this) {
                inFlight.remove(tag);
            }
            advance();
        }
    }
}
