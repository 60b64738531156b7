package dev.stratalens.bench.server;

import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.error.LensException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * What callers saw. Each asks again as soon as it has its answer.
 *
 * @param seconds from the first request to the last answer
 * @param latencies of every request, in seconds
 * @param last the last answer of each caller
 */
public record ClosedLoop<A>(double seconds, double[] latencies, List<A> last) {

    /**
     * Lets callers ask.
     *
     * @param asks one a caller: asks once and waits for the answer
     * @param requests that each makes, 1 or more
     */
    public static <A> ClosedLoop<A> run(List<Supplier<A>> asks, int requests) {
        ExecutorService callers = Executors.newFixedThreadPool(asks.size());
        try {
            long start = System.nanoTime();
            List<Future<Caller<A>>> futures = new ArrayList<>();
            for (Supplier<A> ask : asks) {
                futures.add(callers.submit(() -> Caller.run(ask, requests)));
            }
            List<Caller<A>> done = new ArrayList<>();
            for (Future<Caller<A>> future : futures) {
                done.add(future.get());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double[] latencies = done.stream()
                    .flatMapToDouble(caller -> Arrays.stream(caller.latencies))
                    .toArray();
            return new ClosedLoop<>(
                    seconds, latencies, done.stream().map(Caller::last).toList());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LensException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted while callers were measured", e);
        } finally {
            callers.shutdownNow();
        }
    }

    /** Answers a second. */
    public double throughput() {
        return latencies.length / seconds;
    }

    public double percentile(double share) {
        return SampleSpread.percentile(latencies, share);
    }

    private record Caller<A>(double[] latencies, A last) {

        static <A> Caller<A> run(Supplier<A> ask, int requests) {
            double[] latencies = new double[requests];
            A last = null;
            for (int i = 0; i < requests; i++) {
                long start = System.nanoTime();
                last = ask.get();
                latencies[i] = (System.nanoTime() - start) / 1e9;
            }
            return new Caller<>(latencies, Objects.requireNonNull(last, "a caller makes one request or more"));
        }
    }
}
