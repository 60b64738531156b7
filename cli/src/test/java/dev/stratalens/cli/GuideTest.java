package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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

    /** Word for word, and numbers as near as rounding allows. */
    private static void assertSame(String shown, String made) {
        List<String> expected = List.of(shown.strip().split("\\s+"));
        List<String> found = new ArrayList<>(List.of(made.strip().split("\\s+")));
        int gap = expected.indexOf("...");
        if (gap >= 0) {
            int after = found.size() - (expected.size() - gap - 1);
            assertTrue(after >= gap, made);
            found.subList(gap, after).clear();
            found.add(gap, "...");
        }
        assertEquals(expected.size(), found.size(), made);
        for (int i = 0; i < expected.size(); i++) {
            String one = expected.get(i);
            String other = found.get(i);
            assertTrue(one.equals(other) || isNear(one, other), () -> one + " is now " + other + " in:\n" + made);
        }
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
