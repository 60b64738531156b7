package dev.stratalens.bench.measure;

import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.BenchReport;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.PromisedTargets;
import dev.stratalens.bench.round.CpuWatch;
import dev.stratalens.bench.round.RoundRunner;
import dev.stratalens.bench.server.BenchPrompt;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.cli.terminal.TimeText;
import dev.stratalens.client.model.ModelInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the asked parts of the bench, one after another. */
public final class Bench {

    private static final Path PROC = Path.of("/proc");

    /** Those that are measured in the same rounds, length by length. */
    private static final List<BenchPart> LENGTH_PARTS =
            List.of(BenchPart.SPEED, BenchPart.EFFICIENCY, BenchPart.OVERHEAD);

    private Bench() {}

    /**
     * Measures.
     *
     * @throws dev.stratalens.cli.failure.CliException if the server does not start, or no prompt has a wanted length
     * @throws IOException if a process cannot be started
     */
    public static void run(BenchSettings settings, ProgressLine progress, BenchReport report) throws IOException {
        Map<String, String> machine = new Machine(PROC).facts();
        CpuWatch watch = new CpuWatch(PROC);
        try (Session session = Session.open(settings, watch, progress)) {
            ModelInfo model = session.server().facts().info();
            session.tokens(); // refused before anything is written
            report.begin(machine, facts(settings, model));
            Figures figures = new Figures(
                    report, PromisedTargets.of(model, Runtime.getRuntime().availableProcessors()));
            settings.slowType().ifPresent(figures::note);
            Duration time = new Estimate(session, session.settleServer()).time();
            progress.hint("This takes about %s: %s.".formatted(TimeText.text(time), settings.partNames()));
            measure(session, figures);
            noteDisturbance(session.runner(), watch, figures);
            report.complete();
        }
    }

    private static void measure(Session session, Figures figures) throws IOException {
        BenchSettings settings = session.settings();
        if (LENGTH_PARTS.stream().anyMatch(settings.parts()::contains)) {
            measureLengths(session, figures);
            figures.endPart();
        }
        if (settings.parts().contains(BenchPart.CLIENT)) {
            new ClientMeasurement(session).run(figures);
            figures.endPart();
        }
        if (settings.parts().contains(BenchPart.GENERATE)) {
            new GenerateMeasurement(session).run(figures);
            figures.endPart();
        }
        if (settings.parts().contains(BenchPart.CONCURRENCY)) {
            for (int callers : settings.callers()) {
                new ConcurrencyMeasurement(session).run(callers, figures);
                figures.endPart();
            }
        }
        if (settings.parts().contains(BenchPart.MEMORY)) {
            measureMemory(session, figures);
            figures.endPart();
        }
        if (settings.parts().contains(BenchPart.START)) {
            new StartMeasurement(session).run(figures);
            figures.endPart();
        }
        if (settings.peers().isPresent()) {
            new PeerMeasurement(session, settings.peers().get()).run(figures);
        }
        if (settings.parts().contains(BenchPart.GROWTH)) {
            new GrowthMeasurement(session).run(figures);
            figures.endPart();
        }
        if (settings.parts().contains(BenchPart.OVERLOAD)) {
            new OverloadMeasurement(session).run(figures);
            figures.endPart();
        }
        if (settings.parts().contains(BenchPart.SOAK)) {
            new SoakMeasurement(session).run(figures);
            figures.endPart();
        }
    }

    private static void measureMemory(Session session, Figures figures) throws IOException {
        if (!MemoryMeasurement.isPossible()) {
            figures.note("Memory is not measured: this system does not tell how much of it is anonymous.");
            return;
        }
        MemoryMeasurement memory = new MemoryMeasurement(session);
        memory.run(figures);
        if (session.settings().soak() > 0) {
            memory.soak(session.settings().soak(), figures);
        }
    }

    private static void measureLengths(Session session, Figures figures) {
        BenchSettings settings = session.settings();
        for (int tokens : session.tokens()) {
            BenchPrompt prompt = session.prompt(tokens);
            new LengthMeasurement(settings, session, prompt).run(figures);
        }
    }

    private static void noteDisturbance(RoundRunner runner, CpuWatch watch, Figures figures) {
        if (!watch.isAvailable()) {
            figures.note("Whether other processes used the processor cannot be seen on this system.");
        }
        if (runner.repeated() > 0) {
            figures.note(
                    "%d rounds were repeated because other processes used the processor.".formatted(runner.repeated()));
        }
        if (runner.disturbed() > 0) {
            figures.note(
                    "Other processes used the processor during %d rounds that count: the machine was not idle, so these figures are too high."
                            .formatted(runner.disturbed()));
        }
    }

    private static Map<String, String> facts(BenchSettings settings, ModelInfo model) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("directory", String.valueOf(settings.model().getFileName()));
        facts.put("architecture", model.architecture());
        facts.put("layers", Integer.toString(model.layers()));
        facts.put("hidden_size", Integer.toString(model.hiddenSize().orElse(0)));
        facts.put("vocabulary_size", Integer.toString(model.vocabularySize().orElse(0)));
        facts.put("stored_dtype", model.storedType());
        facts.put("compute_dtype", model.computeType());
        return facts;
    }
}
