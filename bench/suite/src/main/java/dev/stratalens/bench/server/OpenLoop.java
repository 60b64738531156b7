package dev.stratalens.bench.server;

import com.sun.management.OperatingSystemMXBean;
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
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
 * @param callersShare of this machine's processors, 0 to 1: what the callers kept busy, the server did not have
 * @param expired calls whose deadline came before an answer or a refusal
 * @param healthSeconds longest time of a health check meanwhile, on a connection of its own
 * @param metricsSeconds longest time of a look at the metrics
 */
public record OpenLoop(
        double seconds,
        int calls,
        double[] latencies,
        double answersPerSecond,
        double callersShare,
        long expired,
        double healthSeconds,
        double metricsSeconds) {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /**
     * Lets callers come.
     *
     * @param server without TLS, with an admin port
     * @param rate calls a second
     * @param deadline of each; empty for none
     */
    public static OpenLoop run(
            MeasuredServer server, BenchPrompt prompt, double rate, Duration time, Optional<Duration> deadline)
            throws IOException {
        AdminPort admin = server.adminPort();
        ManagedChannel channel = channel(server.address());
        ManagedChannel apart = channel(server.address());
        AnalyzeRequest request = RequestWriter.write(MeasuredServer.request(prompt));
        var stub = LensServiceGrpc.newStub(channel);
        try (Probe health = new Probe(() -> HealthGrpc.newBlockingStub(apart)
                        .withDeadlineAfter(Probe.NO_ANSWER_SECONDS, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance()));
                Probe metrics = new Probe(admin::metrics)) {
            Phaser open = new Phaser(1);
            List<Call> calls = new ArrayList<>();
            long cpu = PROCESS.getProcessCpuTime();
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
            double callersShare = (double) (PROCESS.getProcessCpuTime() - cpu)
                    / (end - start)
                    / Runtime.getRuntime().availableProcessors();
            open.awaitAdvanceInterruptibly(open.arrive());
            double[] latencies = calls.stream()
                    .filter(Call::isAnswered)
                    .mapToDouble(call -> (call.ended - call.began) / 1e9)
                    .toArray();
            long inTime = calls.stream()
                    .filter(call -> call.isAnswered() && call.ended <= end)
                    .count();
            double seconds = (end - start) / 1e9;
            long expired = calls.stream().filter(call -> call.expired).count();
            return new OpenLoop(
                    seconds,
                    calls.size(),
                    latencies,
                    inTime / seconds,
                    callersShare,
                    expired,
                    health.longest(),
                    metrics.longest());
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

    /** Answers a second, had the callers been on another machine. */
    public double answersPerSecondApart() {
        return answersPerSecond / (1 - callersShare);
    }

    public double percentile(double share) {
        return SampleSpread.percentile(latencies, share);
    }

    private static final class Call implements StreamObserver<AnalyzeResponse> {

        private final Phaser open;
        private final long began = System.nanoTime();
        private volatile long ended;
        private volatile boolean answered;
        private volatile boolean expired;

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
            expired = Status.fromThrowable(failure).getCode() == Status.Code.DEADLINE_EXCEEDED;
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
}
