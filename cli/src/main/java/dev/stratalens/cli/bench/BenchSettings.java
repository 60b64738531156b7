package dev.stratalens.cli.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What to measure.
 *
 * @param program starts the measured processes
 * @param model checkpoint directory
 * @param computeType {@code auto}, {@code float32} or {@code bfloat16}
 * @param sections which parts
 * @param tokens prompt lengths
 * @param repetitions rounds that count; empty = as many as fit
 */
public record BenchSettings(
        Program program,
        Path model,
        String computeType,
        Set<Section> sections,
        List<Integer> tokens,
        OptionalInt repetitions) {

    public BenchSettings {
        sections = Set.copyOf(sections);
        tokens = List.copyOf(tokens);
    }
}
