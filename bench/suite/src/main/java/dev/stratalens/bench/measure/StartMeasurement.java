package dev.stratalens.bench.measure;

import dev.stratalens.bench.bare.MeasuredModel;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.report.Figure;
import dev.stratalens.bench.report.Figures;
import dev.stratalens.bench.report.Unit;
import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.round.SampleSpread;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Loading in this process, with the files in the page cache; and a whole process, from its start to a complete answer. */
final class StartMeasurement {

    private static final String LOAD = "load, page cache warm";
    private static final String ANSWER = "new process to complete answer";
    private static final String PROMPT = "The capital of France is";
    private static final long PATIENCE_SECONDS = 120;

    private final Session session;

    StartMeasurement(Session session) {
        this.session = session;
    }

    void run(Figures figures) {
        int tensors = session.model().tensorCount();
        String directory = session.settings().model().getFileName().toString();
        Rounds rounds = session.runner().run("the start", round -> {
            round.put(LOAD, loadSeconds());
            round.put(ANSWER, answerSeconds());
        });
        figures.add(
                Figure.of(BenchPart.START, LOAD, directory, Unit.SECONDS, rounds.of(LOAD)),
                figures.targets().load(tensors));
        figures.add(Figure.of(BenchPart.START, "tensors", directory, Unit.COUNT, SampleSpread.of((double) tensors)));
        figures.add(
                Figure.of(BenchPart.START, ANSWER, directory, Unit.SECONDS, rounds.of(ANSWER)),
                figures.targets().firstAnswer(session.server().facts()));
    }

    private double loadSeconds() {
        try (MeasuredModel model = MeasuredModel.load(
                session.settings().model(), session.server().facts().info().computeType())) {
            return model.loadSeconds();
        }
    }

    /** From the start of the process to the last byte that it writes; what it does after that delays nothing. */
    private double answerSeconds() {
        ProcessBuilder builder = session.settings()
                .program()
                .with(List.of(
                        "analyze",
                        "--model",
                        session.settings().model().toString(),
                        "--dtype",
                        session.settings().computeType().toString(),
                        "--format",
                        "json",
                        PROMPT))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        long start = System.nanoTime();
        long last = start;
        try {
            Process process = builder.start();
            try (InputStream out = process.getInputStream()) {
                byte[] buffer = new byte[1 << 16];
                while (out.read(buffer) > 0) {
                    last = System.nanoTime();
                }
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new CliException(ExitCode.INTERNAL, "`analyze` did not answer in a process of its own.");
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.INTERNAL, "no process could be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted while a process was measured", e);
        }
        return (last - start) / 1e9;
    }
}
