package dev.stratalens.bench.server;

import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.result.LensResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What some callers saw who each ask again as soon as they have their answer.
 *
 * @param seconds from the first request to the last answer
 * @param latencies of every request, in seconds
 * @param last the last result of each caller
 */
public record ClosedLoop(double seconds, double[] latencies, List<LensResult> last) {

    /**
     * Lets callers ask.
     *
     * @param prompts one a caller
     * @param requests that each makes
     */
    public static ClosedLoop run(LensClient client, List<BenchPrompt> prompts, int requests) {
        ExecutorService callers = Executors.newFixedThreadPool(prompts.size());
        try {
            long start = System.nanoTime();
            List<Future<Caller>> futures = new ArrayList<>();
            for (BenchPrompt prompt : prompts) {
                futures.add(callers.submit(() -> Caller.run(client, prompt, requests)));
            }
            List<Caller> done = new ArrayList<>();
            for (Future<Caller> future : futures) {
                done.add(future.get());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double[] latencies = done.stream()
                    .flatMap(caller -> caller.latencies.stream())
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            return new ClosedLoop(
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

    private record Caller(List<Double> latencies, LensResult last) {

        static Caller run(LensClient client, BenchPrompt prompt, int requests) {
            List<Double> latencies = new ArrayList<>();
            LensResult last = null;
            for (int i = 0; i < requests; i++) {
                long start = System.nanoTime();
                last = client.analyze(MeasuredServer.request(prompt));
                latencies.add((System.nanoTime() - start) / 1e9);
            }
            if (last == null) {
                throw new IllegalArgumentException("a caller makes at least one request");
            }
            return new Caller(latencies, last);
        }
    }
}
