package dev.stratalens.cli.bench;

import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.ModelInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the asked parts of the bench, one after another. */
public final class Bench {

    private static final Path PROC = Path.of("/proc");

    private Bench() {}

    /**
     * Measures.
     *
     * @throws dev.stratalens.cli.failure.CliException if the server does not start or a length cannot be had
     * @throws IOException if a process cannot be started
     */
    public static BenchReport run(BenchSettings settings, ProgressLine progress) throws IOException {
        Map<String, String> machine = new Machine(PROC).facts();
        CpuWatch watch = new CpuWatch(PROC);
        try (Session session = Session.open(settings, watch, progress)) {
            ModelInfo model = session.server().facts().info();
            Figures figures = new Figures(Targets.of(model, Runtime.getRuntime().availableProcessors()));
            measureLengths(session, figures);
            noteDisturbance(session.runner(), watch, figures);
            progress.clear();
            List<Figure> ordered = figures.all().stream()
                    .sorted(Comparator.comparing(Figure::section))
                    .toList();
            return new BenchReport(machine, facts(settings, model), ordered, figures.notes());
        }
    }

    private static void measureLengths(Session session, Figures figures) {
        BenchSettings settings = session.settings();
        for (int tokens : settings.tokens()) {
            Prompt prompt = session.prompt(tokens);
            session.progress().show("measuring at %s".formatted(Targets.tokens(tokens)));
            new LengthMeasurement(settings.sections(), session, prompt).run(figures);
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
        facts.put("hidden_size", Integer.toString(model.hiddenSize()));
        facts.put("vocabulary_size", Integer.toString(model.vocabularySize()));
        facts.put("stored_dtype", model.storedType());
        facts.put("compute_dtype", model.computeType());
        return facts;
    }
}
