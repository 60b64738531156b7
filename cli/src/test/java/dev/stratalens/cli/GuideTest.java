package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * README and docs show what the commands print; a line "..." stands for any lines. Numbers may differ by the rounding of
 * another processor; everything else is to be equal.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuideTest {

    private static final Pattern TAG = Pattern.compile("<[^>]*>");

    @TempDir
    Path folder;

    /**
     * A command of a page.
     *
     * @param line as typed
     * @param output as shown; empty where a file is written
     */
    record Example(String line, String output) {
        @Override
        public String toString() {
            return line;
        }

        List<String> arguments() {
            return PageBlock.arguments(line);
        }
    }

    /** Those of pages that need no file. */
    static Stream<Example> examples() throws IOException {
        return PageBlock.all().stream()
                .filter(block -> block.isTranscript() && !block.text().startsWith("$ cat "))
                .flatMap(block -> Stream.of(block.text().split("(?m)^\\$ ", -1)))
                .filter(run -> !run.isEmpty())
                .map(run -> run.split("\n", 2))
                .map(run -> new Example(run[0], run[1]));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void printsWhatThePageShows(Example example) throws IOException {
        List<String> arguments = new ArrayList<>(example.arguments());
        int output = arguments.indexOf("--output");
        Path shown = output < 0 ? folder : CliRun.ROOT.resolve(arguments.get(output + 1));
        Path made = folder.resolve(String.valueOf(shown.getFileName()));
        if (output >= 0) {
            arguments.set(output + 1, made.toString());
        }
        // Commands of the pages run in the project's root.
        arguments.replaceAll(each -> each.replaceFirst("^(\\w+=)?(docs|models)/", "$1" + CliRun.ROOT + "/$2/"));
        CliRun run = CliRun.of(arguments.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        assertSame(example.output(), run.out());
        if (output >= 0) {
            assertSame(words(shown), words(made));
        }
    }

    private static String words(Path picture) throws IOException {
        return TAG.matcher(Files.readString(picture)).replaceAll(" ");
    }

    /** Word for word, and numbers as near as rounding allows. What a page leaves out, it shows as three dots. */
    private static void assertSame(String shown, String made) {
        List<String> found = split(made);
        List<List<String>> parts = Stream.of(("  " + shown + "  ").split("(?<=\\s)\\.\\.\\.(?=\\s)"))
                .map(GuideTest::split)
                .toList();
        int last = parts.size() - 1;
        int end = found.size() - parts.get(last).size();
        int place = 0;
        for (int i = 0; i < last; i++) {
            List<String> part = parts.get(i);
            int first = place;
            int at = i == 0
                    ? 0
                    : IntStream.rangeClosed(place, end - part.size())
                            .filter(start -> isSame(part, found, start))
                            .findFirst()
                            .orElseThrow(() ->
                                    new AssertionError("%s is not after word %d of:%n%s".formatted(part, first, made)));
            assertPart(part, found, at, made);
            place = at + part.size();
        }
        assertTrue(end >= place && (last > 0 || end == 0), made);
        assertPart(parts.get(last), found, end, made);
    }

    private static List<String> split(String text) {
        return Stream.of(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    private static void assertPart(List<String> part, List<String> found, int first, String made) {
        assertTrue(found.size() >= first + part.size(), made);
        for (int i = 0; i < part.size(); i++) {
            String one = part.get(i);
            String other = found.get(first + i);
            assertTrue(isSame(one, other), () -> one + " is now " + other + " in:\n" + made);
        }
    }

    private static boolean isSame(List<String> part, List<String> found, int first) {
        return IntStream.range(0, part.size()).allMatch(i -> isSame(part.get(i), found.get(first + i)));
    }

    private static boolean isSame(String one, String other) {
        return one.equals(other) || isNear(one, other);
    }

    private static boolean isNear(String one, String other) {
        try {
            double shown = Double.parseDouble(one);
            return Math.abs(shown - Double.parseDouble(other)) <= 0.011 + 0.01 * Math.abs(shown);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
