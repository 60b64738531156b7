package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.server.error.ReaderTooSlowException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.grpc.access.CallerModels;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.server.grpc.status.StatusOutcome;
import dev.stratalens.server.grpc.stream.ProgressThrottle;
import dev.stratalens.server.grpc.stream.StreamWriter;
import dev.stratalens.server.grpc.watch.CurrentRequest;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.QueuedRequest;
import dev.stratalens.server.scheduling.WhenFull;
import dev.stratalens.server.threads.CallsInOrder;
import dev.stratalens.server.watch.Outcome;
import dev.stratalens.server.watch.RequestRecord;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.BatchError;
import dev.stratalens.v1.BatchEvents;
import dev.stratalens.v1.BatchPrompt;
import dev.stratalens.v1.BatchStarted;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Progress;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One stream of prompts. Begins the next one only while fewer than a window are in flight and the reader keeps up, so that
 * neither memory nor queue grows with the corpus; one prompt more is held, so that a caller who has a window in flight can still
 * cancel one of them. Thread-safe; the writer, the scheduler and the call are never called under the lock, but for the questions
 * whether the writer is ready and a prompt admitted.
 */
final class BatchCall implements StreamObserver<AnalyzeBatchRequest> {

    private final ServerCallStreamObserver<AnalyzeBatchResponse> call;
    private final StreamWriter<AnalyzeBatchResponse> writer;
    private final Function<Runnable, Optional<Admission>> admit;
    private final Runnable admitAgain = this::admitAgain;
    private final CallerModels models;
    private final LensScheduler scheduler;
    private final FailureStatus failures;
    private final int window;
    private final LongSupplier nanoTime;
    private final ProgressThrottle<Phase> throttle;
    private final RequestRecord record = CurrentRequest.get();
    /** Said of the prompt that is held, before anything else is. */
    private final CallsInOrder waits = new CallsInOrder("the progress of a batch");

    // Guarded by this.
    private final UsedTags tags = new UsedTags();
    /** Those that begin are not queued yet. */
    private final Map<Long, @Nullable QueuedRequest> inFlight = new HashMap<>();

    private final Set<Long> canceled = new HashSet<>();
    private BatchDefaults defaults = BatchDefaults.NONE;
    private @Nullable BatchPrompt held;
    /** The caller has used up its limits. */
    private boolean awaitsAdmission;

    private boolean asked;
    private boolean readingIsOver;
    private @Nullable Throwable ending;
    private boolean over;

    /** @param admit admits a prompt, or tells later on when to try again */
    BatchCall(
            ServerCallStreamObserver<AnalyzeBatchResponse> call,
            StreamWriter<AnalyzeBatchResponse> writer,
            Function<Runnable, Optional<Admission>> admit,
            CallerModels models,
            LensScheduler scheduler,
            FailureStatus failures,
            int window,
            LongSupplier nanoTime) {
        this.call = call;
        this.writer = writer;
        this.admit = admit;
        this.models = models;
        this.scheduler = scheduler;
        this.failures = failures;
        this.window = window;
        this.nanoTime = nanoTime;
        this.throttle = new ProgressThrottle<>(nanoTime);
    }

    /** Begins to take prompts; call before the service method returns. */
    void begin() {
        call.disableAutoRequest();
        writer.whenReady(this::advance);
        writer.whenCutOff(this::cancel);
        writer.add(AnalyzeBatchResponse.newBuilder()
                .setStarted(BatchStarted.newBuilder().setWindow(window))
                .build());
        writer.whenBehind(this::hold);
        advance();
    }

    @Override
    public void onNext(AnalyzeBatchRequest message) {
        try {
            receive(message);
        } catch (InvalidFieldException failure) {
            fail(failure);
        }
        advance();
    }

    private void receive(AnalyzeBatchRequest message) {
        switch (message.getKindCase()) {
            case DEFAULTS -> takeDefaults(message.getDefaults());
            case PROMPT -> keep(message.getPrompt());
            case CANCEL -> cancelPrompt(message.getCancel().getTag());
            case KIND_NOT_SET ->
                throw InvalidFieldException.of(
                        "kind", Problem.MISSING, "", "Send defaults, a prompt, or the cancellation of one.");
        }
    }

    private synchronized void takeDefaults(AnalyzeRequest request) {
        asked = false;
        defaults = BatchDefaults.of(request);
    }

    /** Takes a prompt in, which begins as soon as there is room for it. */
    private synchronized void keep(BatchPrompt prompt) {
        asked = false;
        if (!over && ending == null) {
            tags.add(prompt.getTag());
            held = prompt.toBuilder()
                    .setRequest(defaults.with(prompt.getRequest()))
                    .build();
        }
    }

    private void cancelPrompt(long tag) {
        QueuedRequest queued;
        boolean wasHeld;
        synchronized (this) {
            asked = false;
            wasHeld = held != null && held.getTag() == tag;
            if (wasHeld) {
                held = null;
            }
            if (inFlight.containsKey(tag)) {
                canceled.add(tag);
            }
            queued = inFlight.get(tag);
        }
        if (wasHeld) {
            waits.finish();
            sendError(tag, new LensCanceledException(), "");
        }
        if (queued != null) {
            queued.cancel();
        }
    }

    /** The client is gone; the cancel handler ends its requests. */
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
        List<QueuedRequest> queued;
        synchronized (this) {
            queued = inFlight.values().stream().filter(Objects::nonNull).toList();
        }
        queued.forEach(request -> request.hold(behind));
    }

    /** The caller went away: ends all its requests. */
    void cancel() {
        writer.cancel();
        end().forEach(QueuedRequest::cancel);
    }

    private void fail(Throwable failure) {
        writer.fail(failure);
        end().forEach(QueuedRequest::cancel);
    }

    private void submit(BatchPrompt next, Admission admission) {
        long tag = next.getTag();
        RequestRecord request = record.part(Long.toUnsignedString(tag));
        ParsedPrompt prompt;
        try {
            prompt = ParsedPrompt.read(next.getRequest(), models);
        } catch (RuntimeException failure) {
            admission.close();
            refuse(tag, failure, next.getRequest().getModel(), request);
            leave(tag);
            return;
        }
        String model = prompt.model().name();
        Runnable whenComplete = () -> {
            request.end(Outcome.OK);
            leave(tag);
        };
        var sink = new TaggedSink(
                tag, writer, throttle, request, whenComplete, failure -> failed(tag, model, failure, request));
        QueuedRequest queued = prompt.queued(sink, WhenFull.WAIT, admission, nanoTime, request);
        boolean unwanted;
        synchronized (this) {
            if (over) {
                admission.close();
                return;
            }
            inFlight.put(tag, queued);
            unwanted = canceled.contains(tag);
        }
        scheduler.submit(prompt.model(), queued);
        if (unwanted) {
            queued.cancel();
        }
    }

    private Outcome outcome(Throwable failure) {
        return StatusOutcome.of(failures.statusOf(failure, ""));
    }

    private void refuse(long tag, Throwable failure, String model, RequestRecord request) {
        request.sent(sendError(tag, failure, model));
        request.end(outcome(failure));
    }

    private void leave(long tag) {
        synchronized (this) {
            inFlight.remove(tag);
            canceled.remove(tag);
        }
        advance();
    }

    /** Gives the bytes that are sent. */
    private int sendError(long tag, Throwable failure, String model) {
        AnalyzeBatchResponse error = AnalyzeBatchResponse.newBuilder()
                .setError(BatchError.newBuilder().setTag(tag).setStatus(failures.statusOf(failure, model)))
                .build();
        writer.add(error);
        return error.getSerializedSize();
    }

    /** Does what the state allows now. */
    private void advance() {
        for (Step step = nextStep(); step != Step.NOTHING; step = nextStep()) {
            switch (step) {
                case ASK -> call.request(1);
                case SUBMIT -> submitHeld();
                case FINISH -> finish();
                case NOTHING -> {}
            }
        }
    }

    private enum Step {
        ASK,
        SUBMIT,
        FINISH,
        NOTHING
    }

    private synchronized Step nextStep() {
        if (over) {
            return Step.NOTHING;
        }
        if (held != null) {
            return !awaitsAdmission && inFlight.size() < window && writer.isReady() ? Step.SUBMIT : Step.NOTHING;
        }
        if (readingIsOver) {
            over = inFlight.isEmpty();
            return over ? Step.FINISH : Step.NOTHING;
        }
        if (asked) {
            return Step.NOTHING;
        }
        asked = true;
        return Step.ASK;
    }

    private void submitHeld() {
        BatchPrompt next;
        Optional<Admission> admission;
        synchronized (this) {
            if (held == null) {
                // Another thread was faster.
                return;
            }
            next = held;
            admission = admit.apply(admitAgain);
            awaitsAdmission = admission.isEmpty();
            if (awaitsAdmission) {
                waits.add(() -> sayThatItWaits(next.getTag()));
            } else {
                held = null;
                inFlight.put(next.getTag(), null);
            }
        }
        waits.finish();
        admission.ifPresent(granted -> submit(next, granted));
    }

    private void sayThatItWaits(long tag) {
        if (throttle.passesBetween()) {
            Progress waiting =
                    Progress.newBuilder().setPhase(Phase.PHASE_QUEUED).build();
            writer.offer(AnalyzeBatchResponse.newBuilder()
                    .setEvents(BatchEvents.newBuilder()
                            .setTag(tag)
                            .addEvents(Event.newBuilder().setProgress(waiting)))
                    .build());
        }
    }

    private void admitAgain() {
        synchronized (this) {
            awaitsAdmission = false;
        }
        advance();
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
        held = null;
    }

    /** Ends it here and now; gives the requests that are left. */
    private synchronized List<QueuedRequest> end() {
        over = true;
        held = null;
        List<QueuedRequest> left =
                inFlight.values().stream().filter(Objects::nonNull).toList();
        inFlight.clear();
        return left;
    }

    private void failed(long tag, String model, Throwable failure, RequestRecord request) {
        if (failure instanceof ReaderTooSlowException) {
            request.end(outcome(failure));
            fail(failure);
        } else if (failure instanceof ServerStoppingException) {
            request.end(outcome(failure));
            endWith(failure);
        } else {
            refuse(tag, failure, model, request);
        }
        leave(tag);
    }
}
