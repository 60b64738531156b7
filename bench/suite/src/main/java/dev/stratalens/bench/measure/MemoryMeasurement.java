package dev.stratalens.bench.measure;

import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figure;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.report.QuantityNames;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.bench.server.MeasuredServer;
import dev.stratalens.bench.server.MemoryWatch;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a request takes: each length has a fresh server, warmed by one short prompt, because memory that an earlier request of
 * the same length left behind would hide what this one needs.
 */
final class MemoryMeasurement {

    private static final int WARM_TOKENS = 5;
    private static final long SETTLE_MILLIS = 500;

    private final Session session;

    MemoryMeasurement(Session session) {
        this.session = session;
    }

    /** Whether this system tells. */
    static boolean isPossible() {
        return MemoryWatch.anonymousBytes(
                        Path.of("/proc"), ProcessHandle.current().pid())
                .isPresent();
    }

    void run(Figures figures) throws IOException {
        for (int tokens : session.tokens()) {
            BenchPrompt prompt = session.prompt(tokens);
            session.progress().show("measuring memory at %s".formatted(PromisedTargets.tokens(tokens)));
            try (MeasuredServer server = session.freshServer()) {
                server.ask(session.prompt(WARM_TOKENS));
                long before = settled(server);
                long first = peakOf(server, prompt);
                long after = settled(server);
                long second = peakOf(server, prompt);
                String condition = PromisedTargets.tokens(tokens);
                figures.add(figure("held before", condition, before));
                figures.add(figure(QuantityNames.GROWTH_OF_MEMORY, condition, first - before));
                figures.add(figure("kept after it", condition, after - before));
                figures.add(figure("growth during a second one", condition, second - after));
            }
        }
    }

    /** Many requests of every length, to see whether memory creeps. */
    void soak(int requests, Figures figures) throws IOException {
        List<BenchPrompt> prompts = new ArrayList<>();
        for (int tokens : session.tokens()) {
            prompts.add(session.prompt(tokens));
        }
        String condition = "%d mixed requests".formatted(requests);
        try (MeasuredServer server = session.freshServer()) {
            int settling = Math.max(prompts.size(), requests / 10);
            ask(server, prompts, 0, settling, requests);
            long early = settled(server);
            ask(server, prompts, settling, requests, requests);
            long late = settled(server);
            figures.add(figure("held after a tenth", condition, early));
            figures.add(figure("held at the end", condition, late));
            figures.add(figure("creep", condition, late - early));
        }
    }

    private void ask(MeasuredServer server, List<BenchPrompt> prompts, int first, int end, int total) {
        for (int i = first; i < end; i++) {
            session.progress().show("mixed requests", i, total);
            server.ask(prompts.get(i % prompts.size()));
        }
    }

    private static long peakOf(MeasuredServer server, BenchPrompt prompt) {
        try (MemoryWatch watch = MemoryWatch.of(server.pid())) {
            server.ask(prompt);
            return watch.peak();
        }
    }

    private static long settled(MeasuredServer server) {
        try {
            Thread.sleep(SETTLE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted while memory was measured", e);
        }
        OptionalLong bytes = MemoryWatch.anonymousBytes(Path.of("/proc"), server.pid());
        return bytes.orElseThrow(() -> new CliException(
                ExitCode.INTERNAL,
                "the server that was measured has ended; start `stratalens serve` with the same model to see why."));
    }

    private static Figure figure(String name, String condition, long bytes) {
        return Figure.of(BenchPart.MEMORY, name, condition, Unit.BYTES, SampleSpread.of((double) bytes));
    }
}
