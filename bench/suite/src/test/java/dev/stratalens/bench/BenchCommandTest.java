package dev.stratalens.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong options are refused before anything is measured. */
class BenchCommandTest {

    private static final String MODEL = BenchRun.TINY.toString();

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(2, "--tokens: 0", new String[] {"--tokens", "0"}),
                Arguments.of(2, "--repetitions: 0", new String[] {"--repetitions", "0"}),
                Arguments.of(2, "give one of the two", new String[] {"--shape", "gpt2-small", "--model", "demo"}),
                Arguments.of(2, "smollm2-135m, gpt2-small", new String[] {"--shape", "llama"}),
                Arguments.of(2, "--callers: 0", new String[] {"--callers", "0"}),
                Arguments.of(2, "--calls: 0", new String[] {"--calls", "0"}),
                Arguments.of(2, "--warm-up: -1", new String[] {"--warm-up", "-1"}),
                Arguments.of(2, "--soak: -1", new String[] {"--soak", "-1"}),
                Arguments.of(2, "--soak-time: 0", new String[] {"--soak-time", "0"}),
                Arguments.of(2, "--peers DIR", new String[] {"--only", "peers"}),
                Arguments.of(2, "no program no/such/folder/run", new String[] {"--peers", "no/such/folder"}),
                Arguments.of(2, "32 tokens at most, not 1000", new String[] {"--model", MODEL, "--tokens", "1000"}),
                Arguments.of(2, "speed, efficiency", new String[] {"--only", "size"}),
                Arguments.of(3, "no directory", new String[] {"--model", "no/such/model"}));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(int exitCode, String words, String[] arguments) {
        BenchRun run = BenchRun.of(arguments);

        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(words), run.err());
        assertEquals("", run.out());
    }

    @ParameterizedTest
    @MethodSource("commandsOfThePage")
    void understandsEveryCommandOfItsPage(String command) {
        List<String> words = List.of(command.replaceFirst("\\s+#.*", "").split("\\s+"));
        BenchRun run = BenchRun.of(
                Stream.concat(words.stream().skip(1), Stream.of("--help")).toArray(String[]::new));

        assertEquals(0, run.exitCode(), run.err());
    }

    static List<String> commandsOfThePage() throws IOException {
        return Files.readAllLines(BenchRun.ROOT.resolve("docs/performance.md")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("bench/run"))
                .map(line -> line.replaceFirst("\\s*\\|.*", ""))
                .toList();
    }

    @Test
    void theHelpHasExamples() {
        BenchRun run = BenchRun.of("--help");

        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("\n  bench/run --shape"), run.out());
    }
}
