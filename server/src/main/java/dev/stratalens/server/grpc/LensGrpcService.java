package dev.stratalens.server.grpc;

import dev.stratalens.server.grpc.StreamSettings.Compression;
import dev.stratalens.server.lens.LensRequest;
import dev.stratalens.server.registry.ModelRegistry;
import dev.stratalens.server.registry.ServedModel;
import dev.stratalens.server.scheduler.LensJob;
import dev.stratalens.server.scheduler.LensScheduler;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ScheduledExecutorService;

/** The lens over gRPC: hands each call to the scheduler as a job and lets go of the calling thread. */
public final class LensGrpcService extends LensServiceGrpc.LensServiceImplBase {

    private final ModelRegistry registry;
    private final LensScheduler scheduler;
    private final FailureStatus failures;
    private final StreamSettings settings;
    private final ScheduledExecutorService timer;
    private final ActiveCalls calls = new ActiveCalls();

    /** @param timer ends streams that nobody reads; the caller's to stop */
    public LensGrpcService(
            ModelRegistry registry,
            LensScheduler scheduler,
            FailureStatus failures,
            StreamSettings settings,
            ScheduledExecutorService timer) {
        this.registry = registry;
        this.scheduler = scheduler;
        this.failures = failures;
        this.settings = settings;
        this.timer = timer;
    }

    /** The streams that are open now. */
    public ActiveCalls activeCalls() {
        return calls;
    }

    @Override
    public void analyze(AnalyzeRequest request, StreamObserver<AnalyzeResponse> observer) {
        try {
            ServedModel model = registry.find(request.getModel(), "model");
            WireOptions options = RequestParser.wireOptions(request);
            LensRequest lens = RequestParser.parse(request);
            StreamWriter<AnalyzeResponse> writer = writer((ServerCallStreamObserver<AnalyzeResponse>) observer, model);
            LensJob job = new LensJob(lens, new AnalyzeCall(options, writer));
            track((ServerCallStreamObserver<AnalyzeResponse>) observer, writer, job);
            scheduler.submit(model, job);
        } catch (RuntimeException failure) {
            observer.onError(failures.exceptionOf(failure, request.getModel()));
        }
    }

    @Override
    public StreamObserver<AnalyzeBatchRequest> analyzeBatch(StreamObserver<AnalyzeBatchResponse> observer) {
        observer.onError(Status.UNIMPLEMENTED
                .withDescription("This server does not offer batches yet. Call Analyze once per prompt.")
                .asRuntimeException());
        return new IgnoredRequests();
    }

    private StreamWriter<AnalyzeResponse> writer(ServerCallStreamObserver<AnalyzeResponse> call, ServedModel model) {
        if (settings.compression() == Compression.GZIP) {
            // gRPC falls back to none for clients that do not accept it; the writer decides for each message.
            call.setCompression("gzip");
        }
        return new StreamWriter<>(call, settings, timer, failure -> failures.exceptionOf(failure, model.name()));
    }

    /** A call ends in one of two ways, and only one of the handlers is called. */
    private void track(
            ServerCallStreamObserver<AnalyzeResponse> call, StreamWriter<AnalyzeResponse> writer, LensJob job) {
        calls.began();
        call.setOnCloseHandler(calls::ended);
        call.setOnCancelHandler(() -> {
            writer.cancel();
            job.cancel();
            calls.ended();
        });
    }

    /** What a client sends after it was refused is not read. */
    private static final class IgnoredRequests implements StreamObserver<AnalyzeBatchRequest> {
        @Override
        public void onNext(AnalyzeBatchRequest request) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
