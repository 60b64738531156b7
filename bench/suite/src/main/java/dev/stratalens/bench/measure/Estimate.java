package dev.stratalens.bench.measure;

import dev.stratalens.bench.peer.PeerTools;
import dev.stratalens.bench.report.BenchPart;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * How long the benchmark takes, from the time of one answer: right within a factor of two or so, as what a token costs depends on
 * the length of the prompt.
 *
 * @param session what to measure
 * @param tokenSeconds time of an answer, a token
 */
record Estimate(Session session, double tokenSeconds) {

    /** Until a process answers: Java, the model, what is compiled on the way. */
    private static final double START_SECONDS = 3;

    /** Until another tool answers: Python, PyTorch, the model. */
    private static final double TOOL_SECONDS = 15;

    Duration time() throws IOException {
        double seconds = 0;
        for (BenchPart part : session.settings().parts()) {
            seconds += seconds(part);
        }
        return Duration.ofMillis(Math.round(1000 * seconds));
    }

    private double seconds(BenchPart part) throws IOException {
        BenchSettings settings = session.settings();
        List<Integer> lengths = session.tokens();
        return switch (part) {
            // A round has about as many answers: of the server, of the lens here, and of the bare work.
            case SPEED, OVERHEAD -> rounds(lengths, 1.5);
            case EFFICIENCY -> rounds(lengths, 2);
            case CLIENT ->
                ClientMeasurement.CALLERS.size()
                        * session.runner().seconds(2 * settings.calls() * answer(ClientMeasurement.TOKENS));
            case CONCURRENCY ->
                settings.callers().stream()
                        .mapToDouble(callers -> rounds(ConcurrencyMeasurement.LENGTHS, 6.0 * (callers + 1)))
                        .sum();
            // A token takes about as long as a short prompt; the two kinds are measured in turn.
            case GENERATE ->
                session.runner()
                        .seconds(2
                                * GenerateMeasurement.WRITTEN
                                * answer(GenerateMeasurement.PROMPT)
                                / GenerateMeasurement.PROMPT);
            case MEMORY ->
                lengths.stream()
                                .mapToDouble(tokens -> 2 * START_SECONDS + 2 * answer(tokens))
                                .sum()
                        + settings.soak()
                                * lengths.stream()
                                        .mapToDouble(this::answer)
                                        .average()
                                        .orElse(0);
            case START -> session.runner().seconds(2 * START_SECONDS);
            case PEERS -> installedTools() * (TOOL_SECONDS + rounds(lengths, 3));
            case GROWTH -> rounds(GrowthMeasurement.LENGTHS, 1);
            case OVERLOAD ->
                (1 + OverloadMeasurement.DEADLINES.size() * (2 + OverloadMeasurement.LOADS.size()))
                        * settings.calls()
                        * answer(OverloadMeasurement.TOKENS);
            case SOAK -> settings.soakTime().toMillis() / 1e3;
        };
    }

    private double rounds(Collection<Integer> lengths, double answers) {
        return lengths.stream()
                .mapToDouble(tokens -> session.runner().seconds(answers * answer(tokens)))
                .sum();
    }

    private long installedTools() throws IOException {
        return session.settings().peers().orElseThrow().list().stream()
                .filter(PeerTools.Tool::installed)
                .count();
    }

    private double answer(int tokens) {
        return tokens * tokenSeconds;
    }
}
