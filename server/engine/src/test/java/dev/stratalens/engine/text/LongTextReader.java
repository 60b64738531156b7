package dev.stratalens.engine.text;

import dev.stratalens.engine.error.MemoryLimitExceededException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Reads texts of every length with several threads; ends with 0 if it is read or refused each time. */
final class LongTextReader {

    private static final int SHORTEST = 1 << 12;
    private static final int LONGEST = 1 << 22;
    private static final int AT_ONCE = 6;

    private LongTextReader() {}

    public static void main(String[] arguments) {
        try (JsonTokenizer tokenizer = JsonTokenizer.open(Path.of(arguments[0]))) {
            List<Integer> lengths = IntStream.iterate(SHORTEST, length -> length <= LONGEST, length -> 2 * length)
                    .boxed()
                    .toList();
            for (int length : lengths) {
                String text = "qz".repeat(length / 2);
                IntStream.range(0, AT_ONCE).parallel().forEach(caller -> read(tokenizer, text));
            }
        }
    }

    private static void read(JsonTokenizer tokenizer, String text) {
        try {
            tokenizer.encode(text, false);
        } catch (MemoryLimitExceededException tooLong) {
            // As it should be.
        }
    }
}
