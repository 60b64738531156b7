package dev.stratalens.bench.server;

import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What callers saw who came at a steady rate, whether or not others were answered.
 *
 * @param seconds for which they came
 * @param calls all of them
 * @param latencies of the answers, in seconds
 * @param answersPerSecond while they came, within their deadlines
 * @param healthSeconds longest time of a health check meanwhile
 */
public record OpenLoop(double seconds, int calls, double[] latencies, double answersPerSecond, double healthSeconds) {

    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(100);
    private static final int HEALTH_PATIENCE_SECONDS = 30;

    /**
     * Lets callers come.
     *
     * @param address {@code HOST:PORT} of a server without TLS
     * @param rate calls a second
     * @param deadline of each; empty for none
     */
    public static OpenLoop run(
            String address, BenchPrompt prompt, double rate, Duration time, Optional<Duration> deadline) {
        ManagedChannel channel = channel(address);
        ManagedChannel apart = channel(address);
        AnalyzeRequest request = RequestWriter.write(MeasuredServer.request(prompt));
        var stub = LensServiceGrpc.newStub(channel);
        try (HealthChecks health = new HealthChecks(HealthGrpc.newBlockingStub(apart))) {
            Phaser open = new Phaser(1);
            List<Call> calls = new ArrayList<>();
            long start = System.nanoTime();
            while (System.nanoTime() - start < time.toNanos()) {
                Call call = new Call(open);
                calls.add(call);
                deadline.map(limit -> stub.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS))
                        .orElse(stub)
                        .analyze(request, call);
                LockSupport.parkNanos(start + (long) (calls.size() / rate * 1e9) - System.nanoTime());
            }
            long end = System.nanoTime();
            open.awaitAdvanceInterruptibly(open.arrive());
            double[] latencies = calls.stream()
                    .filter(Call::isAnswered)
                    .mapToDouble(call -> (call.ended - call.began) / 1e9)
                    .toArray();
            long inTime = calls.stream()
                    .filter(call -> call.isAnswered() && call.ended <= end)
                    .count();
            double seconds = (end - start) / 1e9;
            return new OpenLoop(seconds, calls.size(), latencies, inTime / seconds, health.longest());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted while callers were measured", e);
        } finally {
            channel.shutdownNow();
            apart.shutdownNow();
        }
    }

    private static ManagedChannel channel(String address) {
        return Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build();
    }

    public double percentile(double share) {
        return SampleSpread.percentile(latencies, share);
    }

    private static final class Call implements StreamObserver<AnalyzeResponse> {

        private final Phaser open;
        private final long began = System.nanoTime();
        private volatile long ended;
        private volatile boolean answered;

        private Call(Phaser open) {
            this.open = open;
            open.register();
        }

        private boolean isAnswered() {
            return answered;
        }

        @Override
        public void onNext(AnalyzeResponse response) {}

        @Override
        public void onError(Throwable failure) {
            end();
        }

        @Override
        public void onCompleted() {
            answered = true;
            end();
        }

        private void end() {
            ended = System.nanoTime();
            open.arriveAndDeregister();
        }
    }

    /** Asks again and again, on a connection of its own. */
    private static final class HealthChecks implements AutoCloseable {

        private final HealthGrpc.HealthBlockingStub stub;
        private final Thread thread = new Thread(this::check, "stratalens-bench-health");
        private volatile boolean over;
        private volatile double longest;

        private HealthChecks(HealthGrpc.HealthBlockingStub stub) {
            this.stub = stub;
            thread.setDaemon(true);
            thread.start();
        }

        private double longest() {
            return longest;
        }

        private void check() {
            while (!over) {
                long start = System.nanoTime();
                var unused = stub.withDeadlineAfter(HEALTH_PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance());
                longest = Math.max(longest, (System.nanoTime() - start) / 1e9);
                LockSupport.parkNanos(BETWEEN_CHECKS.toNanos());
            }
        }

        @Override
        public void close() {
            over = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
