package dev.stratalens.engine.checkpoint.gguf.family;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The table of GGUF's architectures. A row may look at the file, because several families share a name. Facts are those of
 * llama.cpp's converter, and of what it computes where a file does not say.
 */
final class GgufFamilies {

    private static final Map<String, Function<GgufFacts, GgufFamily>> ROWS = new TreeMap<>();

    static {
        Stream.of(
                        GgufDense.ROWS,
                        GgufLayerNorm.ROWS,
                        GgufGemma.ROWS,
                        GgufMixtures.ROWS,
                        GgufSigmoids.ROWS,
                        GgufLatent.ROWS,
                        GgufCompressed.ROWS,
                        GgufStates.ROWS,
                        GgufDelta.ROWS)
                .forEach(ROWS::putAll);
    }

    private GgufFamilies() {}

    static Optional<Function<GgufFacts, GgufFamily>> named(String architecture) {
        return Optional.ofNullable(ROWS.get(architecture));
    }

    static Set<String> names() {
        return new TreeSet<>(ROWS.keySet());
    }
}
