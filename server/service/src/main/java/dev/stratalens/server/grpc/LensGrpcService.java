package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.grpc.access.CallerModels;
import dev.stratalens.server.grpc.access.CurrentCaller;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.server.grpc.stream.ActiveCalls;
import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.grpc.stream.StreamWriter;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.grpc.watch.CurrentRequest;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.quota.Quotas;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.QueuedRequest;
import dev.stratalens.server.scheduling.WhenFull;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.GenerateRequest;
import dev.stratalens.v1.GenerateResponse;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.SweepRequest;
import dev.stratalens.v1.SweepResponse;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The lens over gRPC: hands each call to the scheduler as a request, and returns. */
public final class LensGrpcService extends LensServiceGrpc.LensServiceImplBase {

    private final ModelRegistry registry;
    private final LensScheduler scheduler;
    private final Quotas quotas;
    private final FailureStatus failures;
    private final Streams streams;
    private final int batchWindow;
    private final ActiveCalls calls = new ActiveCalls();
    private final Set<BatchCall> batches = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /** @param batchWindow prompts of one batch that may be in flight */
    public LensGrpcService(
            ModelRegistry registry,
            LensScheduler scheduler,
            Quotas quotas,
            FailureStatus failures,
            Streams streams,
            int batchWindow) {
        this.registry = registry;
        this.scheduler = scheduler;
        this.quotas = quotas;
        this.failures = failures;
        this.streams = streams;
        this.batchWindow = batchWindow;
    }

    /** The streams that are open now. */
    public ActiveCalls activeCalls() {
        return calls;
    }

    /** Lets batches take no more prompts: each ends once what it has in flight is answered. */
    public void refusePrompts() {
        stopping = true;
        batches.forEach(BatchCall::stop);
    }

    @Override
    public void analyze(AnalyzeRequest request, StreamObserver<AnalyzeResponse> observer) {
        try {
            ParsedPrompt prompt = ParsedPrompt.read(request, CallerModels.current(registry));
            var call = (ServerCallStreamObserver<AnalyzeResponse>) observer;
            quotas.admit(CurrentCaller.get(), admission -> begin(prompt, call, writer -> writer, admission));
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, request.getModel()));
        }
    }

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateResponse> observer) {
        try {
            ParsedPrompt prompt = ParsedPrompt.read(request, CallerModels.current(registry));
            var call = (ServerCallStreamObserver<GenerateResponse>) observer;
            quotas.admit(CurrentCaller.get(), admission -> begin(prompt, call, GenerateSink::new, admission));
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, request.getRequest().getModel()));
        }
    }

    /** @param sink of the answer's events, on the stream of the call */
    private <M extends MessageLite> void begin(
            ParsedPrompt prompt,
            ServerCallStreamObserver<M> call,
            Function<StreamWriter<M>, MessageSink<AnalyzeResponse>> sink,
            Admission admission) {
        StreamWriter<M> writer = streams.writer(call, prompt.model().name());
        QueuedRequest queued =
                prompt.queued(sink.apply(writer), WhenFull.REFUSE, admission, streams.nanoTime(), CurrentRequest.get());
        submit(prompt.model(), queued, writer, call);
    }

    private void begin(ParsedSweep sweep, ServerCallStreamObserver<SweepResponse> call, Admission admission) {
        StreamWriter<SweepResponse> writer = streams.writer(call, sweep.model().name());
        QueuedRequest queued = sweep.queued(writer, admission, streams.nanoTime(), CurrentRequest.get());
        submit(sweep.model(), queued, writer, call);
    }

    private void submit(
            NamedModel model, QueuedRequest queued, StreamWriter<?> writer, ServerCallStreamObserver<?> call) {
        Optional.ofNullable(Context.current().getDeadline())
                .ifPresent(deadline ->
                        queued.answerWithin(Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS))));
        writer.whenCutOff(queued::cancel);
        track(call, () -> {}, () -> {
            writer.cancel();
            queued.cancel();
        });
        scheduler.submit(model, queued);
    }

    @Override
    public StreamObserver<AnalyzeBatchRequest> analyzeBatch(StreamObserver<AnalyzeBatchResponse> observer) {
        var call = (ServerCallStreamObserver<AnalyzeBatchResponse>) observer;
        StreamWriter<AnalyzeBatchResponse> writer = streams.writer(call, "");
        Caller caller = CurrentCaller.get();
        quotas.beginBatch(caller);
        BatchCall batch = new BatchCall(
                call,
                writer,
                again -> quotas.admitOfBatch(caller, again),
                CallerModels.current(registry),
                scheduler,
                failures,
                batchWindow,
                streams.nanoTime());
        batches.add(batch);
        track(call, () -> batches.remove(batch), () -> {
            batches.remove(batch);
            batch.cancel();
        });
        batch.begin();
        if (stopping) {
            // It may have come too late to be among those that were told.
            batch.stop();
        }
        return batch;
    }

    @Override
    public void sweep(SweepRequest request, StreamObserver<SweepResponse> observer) {
        try {
            ParsedSweep sweep = ParsedSweep.read(request, CallerModels.current(registry));
            var call = (ServerCallStreamObserver<SweepResponse>) observer;
            quotas.admit(CurrentCaller.get(), admission -> begin(sweep, call, admission));
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, request.getModel()));
        }
    }

    /** A call ends in one of two ways, and only one of the handlers is called. */
    private void track(ServerCallStreamObserver<?> call, Runnable whenClosed, Runnable whenCanceled) {
        calls.began();
        call.setOnCloseHandler(() -> {
            whenClosed.run();
            calls.ended();
        });
        call.setOnCancelHandler(() -> {
            whenCanceled.run();
            calls.ended();
        });
    }
}
