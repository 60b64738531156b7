package dev.stratalens.bench.measure;

import dev.stratalens.bench.peer.PeerTools;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.server.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What to measure.
 *
 * @param program starts the measured processes
 * @param model checkpoint directory
 * @param weights whether the model was trained
 * @param computeType {@code auto}, {@code float32} or {@code bfloat16}
 * @param sections which parts
 * @param tokens prompt lengths; empty = those of the default that fit the model
 * @param callers numbers of callers at once
 * @param soak requests to see whether memory creeps; 0 for none
 * @param peers other tools to measure, where wanted
 * @param repetitions rounds that count; empty = as many as fit
 * @param warmUp time of rounds that do not count, before each measurement; with zero, nothing is warmed at all
 */
public record BenchSettings(
        Program program,
        Path model,
        Weights weights,
        String computeType,
        Set<BenchPart> sections,
        List<Integer> tokens,
        List<Integer> callers,
        int soak,
        Optional<PeerTools> peers,
        OptionalInt repetitions,
        Duration warmUp) {

    /** What the weights are. Random ones take the same time, but what they say is not as long as what a trained model says. */
    public enum Weights {
        TRAINED,
        RANDOM
    }

    public BenchSettings {
        sections = Set.copyOf(sections);
        tokens = List.copyOf(tokens);
        callers = List.copyOf(callers);
    }

    /** Whether answers of a server that has long been running are measured, and not only its start, its memory or the lens. */
    boolean asksServer() {
        return peers.isPresent()
                || Stream.of(BenchPart.SPEED, BenchPart.OVERHEAD, BenchPart.CONCURRENCY)
                        .anyMatch(sections::contains);
    }
}
