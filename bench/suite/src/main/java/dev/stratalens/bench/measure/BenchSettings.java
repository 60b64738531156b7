package dev.stratalens.bench.measure;

import dev.stratalens.bench.peer.PeerTools;
import dev.stratalens.bench.report.BenchPart;
import dev.stratalens.bench.server.Program;
import dev.stratalens.cli.source.ComputeType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to measure.
 *
 * @param program starts the measured processes
 * @param demo directory of the small model that comes with the program
 * @param model checkpoint directory
 * @param weights whether the model was trained
 * @param computeType of the arithmetic
 * @param parts which parts
 * @param tokens prompt lengths; empty = those of the default that fit the model
 * @param callers numbers of callers at once
 * @param calls of each client in a round, by all callers together; with overload, answers for which each load lasts
 * @param soak requests to see whether memory creeps; 0 for none
 * @param soakTime how long the mixed load lasts
 * @param peers other tools to measure, where wanted
 * @param repetitions rounds that count; empty = as many as fit
 * @param warmUp time of rounds that do not count, before each measurement; with zero, nothing is warmed at all
 */
public record BenchSettings(
        Program program,
        Path demo,
        Path model,
        Weights weights,
        ComputeType computeType,
        Set<BenchPart> parts,
        List<Integer> tokens,
        List<Integer> callers,
        int calls,
        int soak,
        Duration soakTime,
        Optional<PeerTools> peers,
        OptionalInt repetitions,
        Duration warmUp) {

    /** What the weights are. Random ones take the same time, but what they say is not as long as what a trained model says. */
    public enum Weights {
        TRAINED,
        RANDOM
    }

    public BenchSettings {
        parts = Set.copyOf(parts);
        tokens = List.copyOf(tokens);
        callers = List.copyOf(callers);
    }

    /** Whether answers of a server that has long been running are measured, and not only its start, its memory or the lens. */
    boolean asksServer() {
        return peers.isPresent()
                || Stream.of(
                                BenchPart.SPEED,
                                BenchPart.OVERHEAD,
                                BenchPart.CLIENT,
                                BenchPart.CONCURRENCY,
                                BenchPart.OVERLOAD)
                        .anyMatch(parts::contains);
    }

    /** A warning if the type that was chosen is slow on this machine. */
    Optional<String> slowType() {
        return computeType.warning();
    }

    /** What is measured, in words. */
    String partNames() {
        return parts.stream().sorted().map(BenchPart::toString).collect(Collectors.joining(", "));
    }
}
