package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code generate} from the arguments to the output, with the engine in this process. */
class GenerateTest {

    private static final String PROMPT = "The capital of France is";
    private static final Pattern LINE = Pattern.compile(" +6 +(L\\d+|-)  0\\.\\d{3}  ·Paris");

    @TempDir
    Path folder;

    @Test
    void aTableHasALineForEachTokenThenTheText() {
        CliRun run = CliRun.of("generate", "--max-tokens", "3", "--ignore-end", PROMPT);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("   pos  settled      p  token\n"), run.out());
        assertTrue(LINE.matcher(run.out()).find(), run.out());
        assertTrue(run.out().contains("\n\n Paris"), run.out());
        assertTrue(run.out().contains("3 tokens: as many as were asked for."), run.out());
        assertEquals("", run.err());
    }

    @Test
    void jsonIsTheResultOverPromptAndText() throws IOException {
        CliRun run = CliRun.of("generate", "--max-tokens", "3", "--format", "json", PROMPT);
        LensResult result = LensJson.read(new StringReader(run.out()));
        assertTrue(result.prompt().orElseThrow().startsWith(PROMPT + " Paris"));
        assertEquals(result.tokens().size(), result.positions().size());
    }

    @Test
    void aSeedRepeatsATextAndIsNamed() {
        String[] words = {"generate", "--max-tokens", "8", "--temperature", "2", "--seed", "7", PROMPT};
        CliRun run = CliRun.of(words);
        assertTrue(run.out().contains(", seed 7."), run.out());
        assertEquals(run.out(), CliRun.of(words).out());
    }

    @Test
    void forcedTokensAreMarkedAndStopTextsEnd() {
        CliRun run = CliRun.of("generate", "--max-tokens", "2", "--force", "5", PROMPT);
        assertEquals(1, run.out().split("\\(forced\\)", -1).length - 1, run.out());
        CliRun stopped = CliRun.of("generate", "--stop", "Paris", PROMPT);
        assertTrue(stopped.out().contains("1 token: a stop text came."), stopped.out());
    }

    @Test
    void eachLineOfStandardInputIsATurn() throws IOException {
        try (Stream<Path> files = Files.list(CliRun.TINY)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Files.writeString(folder.resolve("chat_template.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
        CliRun run = CliRun.with(
                "a\nb\n", "generate", "--model", folder.toString(), "--chat", "--turns", "--max-tokens", "1", "c");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(3, run.out().split("settled      p  token", -1).length - 1, run.out());
    }

    /** A token's direction that is added to each new row, too, brings the token again and again. */
    @Test
    void aTextThatIsSteeredSaysHow() {
        String[] words = {"generate", "--max-tokens", "6", "--ignore-end", PROMPT};
        String[] steered = Stream.concat(
                        Stream.of(words), Stream.of("--toward", " Rome", "--at-layers", "8", "--strength", "2"))
                .toArray(String[]::new);
        CliRun run = CliRun.of(steered);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out()
                        .replaceAll("\\s+", " ")
                        .startsWith("Written with rows changed: block-output, layers 8, tokens all and new ones, plus"
                                + " the direction of \" Rome\", 2.0 times as long as the row. "),
                run.out());
        assertTrue(count(" Rome", run) > 3, run.out());
        CliRun plain = CliRun.of(words);
        assertEquals(0, count(" Rome", plain), plain.out());
        CliRun prompt = CliRun.of(Stream.concat(Stream.of(steered), Stream.of("--at-new-tokens", "none"))
                .toArray(String[]::new));
        assertTrue(prompt.out().contains("tokens all, plus"), prompt.out());
        assertTrue(count(" Rome", prompt) < count(" Rome", run), prompt.out());
    }

    private static int count(String word, CliRun run) {
        return run.out().split(word.replace(' ', '·'), -1).length - 1;
    }

    @Test
    void rowsOfAnotherPromptGoToThisOneAlone() {
        CliRun run = CliRun.of(
                "generate",
                "--max-tokens",
                "1",
                PROMPT,
                "--from",
                "The capital of Italy is",
                "--at-layers",
                "2",
                "--at-positions",
                "4");
        assertTrue(run.out().contains("·Rome"), run.out() + run.err());
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeAnythingIsComputed() {
        assertUsage("--turns goes with --chat", "generate", "--turns", "a");
        assertUsage("--max-tokens: 0 is below 1", "generate", "--max-tokens", "0", "a");
        assertUsage("say what happens to the rows", "generate", "--at-layers", "1", "a");
        assertUsage("give one of the two", "generate", "--zero", "--toward", "b", "--at-layers", "1", "a");
        assertUsage("--at-layers: name the blocks", "generate", "--zero", "a");
        assertUsage("files have no place", "generate", "--zero", "--at-layers", "1", "--format", "json", "a");
        assertUsage(
                "leave out --at-positions",
                "generate",
                "--zero",
                "--at-layers",
                "1",
                "--at-new-tokens",
                "only",
                "--at-positions",
                "0",
                "a");
        assertUsage("--temperature: 0.0 is not above 0", "generate", "--temperature", "0", "a");
    }

    private static void assertUsage(String message, String... words) {
        CliRun run = CliRun.of(words);
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains(message), run.err());
        assertFalse(run.out().contains("token"), run.out());
    }
}
