package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.server.grpc.stream.Compression;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.grpc.watch.CallWatch;
import dev.stratalens.server.grpc.watch.ReadableRequests;
import dev.stratalens.server.models.EngineLoader;
import dev.stratalens.server.models.ModelLoadListener;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.quota.Quotas;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import dev.stratalens.server.scheduling.warmup.Rehearsal;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.Prompt;
import dev.stratalens.v1.Statistic;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TrajectoryOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls over a real connection to a service of its own, made of the same parts as the server's, with a small model, which computes
 * once and then repeats its answer: passes have a warm-up of their own. It listens on a port of loopback that only it knows the key of, and only while it rehearses: what a connection runs
 * through cannot be compiled without one.
 */
public final class LoopbackRehearsal implements Rehearsal {

    /** What the loader is asked for. */
    public static final String MODEL = "rehearsal";

    /** The JVM's last compiler takes a method up after 5,000 calls. */
    private static final int CALLS = 6_000;

    private static final Duration MOST = Duration.ofSeconds(60);
    private static final long CALL_SECONDS = 5;
    private static final AnalyzeRequest REQUEST = AnalyzeRequest.newBuilder()
            .setPrompt(Prompt.newBuilder().setText("The capital of France is"))
            .addStatistics(Statistic.STATISTIC_ENTROPY)
            .addStatistics(Statistic.STATISTIC_KL_FROM_FINAL)
            .addTargets(Target.newBuilder().setPositionTarget(PositionTarget.POSITION_TARGET_NEXT_TOKEN))
            .setTrajectories(TrajectoryOptions.getDefaultInstance())
            .build();
    /** A layer that no model has. A server that was just started may have to refuse thousands. */
    private static final AnalyzeRequest REFUSED = REQUEST.toBuilder()
            .addLayers(IndexRange.newBuilder().setFirst(Integer.MAX_VALUE))
            .build();

    private final EngineLoader loader;
    private final ComputeThread compute;
    private int calls;
    private long nanos;
    private @Nullable Stage stage;

    /**
     * Rehearses with a model.
     *
     * @param loader of a small one
     * @param compute the server's: the cores have one owner
     */
    public LoopbackRehearsal(EngineLoader loader, ComputeThread compute) {
        this.loader = loader;
        this.compute = compute;
    }

    @Override
    public boolean isOver() {
        return calls >= CALLS || nanos >= MOST.toNanos();
    }

    @Override
    public void call() {
        long start = System.nanoTime();
        Stage open = stage == null ? new Stage() : stage;
        stage = open;
        open.call();
        calls++;
        nanos += System.nanoTime() - start;
    }

    @Override
    public String toString() {
        return "%d calls in %d ms".formatted(calls, TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    @Override
    public void close() {
        if (stage != null) {
            stage.close();
            stage = null;
        }
    }

    /** The service and a connection to it. */
    private final class Stage {
        private final ModelRegistry registry;
        private final Server server;
        private final ManagedChannel channel;

        Stage() {
            GrantedLimits limits = GrantedLimits.defaults();
            var failures = new FailureStatus();
            // Loaded here, since a registry would say so in the log.
            LensEngine engine = new RecordedPass(loader.load(MODEL, new InTurn()));
            registry = new ModelRegistry(List.of(MODEL), (name, listener) -> engine);
            var scheduler = new LensScheduler(registry, limits.ofScheduler(), compute, Runnable::run);
            var service = new LensGrpcService(
                    registry,
                    scheduler,
                    new Quotas((nanos, work) -> {}, System::nanoTime),
                    failures,
                    new Streams(limits, Compression.NONE, failures, System::nanoTime),
                    limits.batchWindow());
            var key = new RehearsalKey();
            registry.start();
            try {
                server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .directExecutor()
                        .intercept(key.onServer())
                        .intercept(new CallWatch(facts -> {}))
                        .addService(ReadableRequests.of(service, failures))
                        .build()
                        .start();
            } catch (IOException e) {
                registry.close();
                throw new UncheckedIOException(e);
            }
            channel = NettyChannelBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                    .usePlaintext()
                    .intercept(key.onClient())
                    .build();
        }

        void call() {
            answer(REQUEST);
            try {
                answer(REFUSED);
            } catch (StatusRuntimeException refused) {
                if (refused.getStatus().getCode() != Status.Code.INVALID_ARGUMENT) {
                    throw refused;
                }
            }
        }

        private void answer(AnalyzeRequest request) {
            LensServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .analyze(request)
                    .forEachRemaining(response -> {});
        }

        void close() {
            channel.shutdownNow();
            server.shutdownNow();
            registry.close();
        }
    }

    /** What is measured while a model loads is measured in a turn. */
    private final class InTurn implements ModelLoadListener {
        @Override
        public void loaded(long done, long total) {}

        @Override
        public <T> T inTurn(Supplier<T> work) {
            return compute.take(work);
        }
    }
}
