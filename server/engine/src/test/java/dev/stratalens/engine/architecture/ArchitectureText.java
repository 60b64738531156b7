package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.Mixer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Everything that a description says, as text, so that two can be compared. */
final class ArchitectureText {

    private ArchitectureText() {}

    static String of(Architecture some) {
        var parts = new ArrayList<Object>(List.of(
                some.extents(),
                some.norm(),
                some.streams(),
                some.residual(),
                some.activation(),
                some.gatedUnit(),
                some.router(),
                some.embeddingMultiplier(),
                some.carried(),
                some.sinusoids(),
                some.head(),
                some.weights().prefixes(),
                sorted(some.weights().embedding()),
                sorted(some.weights().head()),
                some.weights().unweightedNorms().stream().sorted().toList(),
                some.weights().ignored().toString(),
                IntStream.range(0, Math.min(1000, some.extents().vocabulary()))
                        .map(some.embeddedToken())
                        .boxed()
                        .toList()));
        for (int block = 0; block < some.extents().blocks(); block++) {
            Mixer mixer = some.mixer().apply(block);
            parts.add(mixer.programs());
            parts.add(sorted(mixer.constants()));
            parts.add(some.attention().scale().applyAsDouble(block));
            parts.add(some.attention().window().applyAsInt(block));
            parts.add(some.attention().rotary().apply(block));
            parts.add(some.attention()
                    .alibi()
                    .map(alibi -> Arrays.toString(alibi.slopes()))
                    .orElse(""));
            parts.add(sorted(some.weights().block().apply(block)));
            int number = block;
            some.weights().computed().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> parts.add(
                            entry.getKey() + Arrays.toString(entry.getValue().apply(number))));
        }
        return parts.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    private static <T> Map<String, T> sorted(Map<String, T> map) {
        return new TreeMap<>(map);
    }
}
