package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Terminal;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code analyze} from the arguments to the output, with the engine in this process. */
class AnalyzeTest {

    private static final String MODEL = CliRun.TINY.toString();

    @TempDir
    Path folder;

    @Test
    void aLongPromptEndsOnAScreenThatSaysHowToSeeTheRest() {
        Terminal terminal = new Terminal(true, true, false, 80, 24, ColorDepth.PLAIN);
        String prompt = "one two three four ".repeat(40);
        CliRun shown = CliRun.on(terminal, "", "analyze", prompt);
        assertEquals(0, shown.exitCode(), shown.err());
        assertTrue(shown.out().lines().count() < 4 * 24, shown.out());
        assertTrue(shown.out().contains("columns before these"), shown.out());
        assertTrue(shown.out().contains("rows before these"), shown.out());
        for (String way : List.of("--positions", "--pager", "explore")) {
            assertTrue(shown.out().contains(way), way);
        }
        CliRun piped = CliRun.of("analyze", prompt);
        assertTrue(piped.out().lines().count() > 4 * 24, "a pipe gets all of it");
        assertFalse(piped.out().contains("before these"), piped.out());
    }

    @Test
    void aTableHasTheModelTheLayersAndTheTokens() {
        CliRun run = CliRun.of("analyze", "--model", MODEL, "hello world");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("gpt2-fp16: gpt2, "), run.out());
        assertTrue(run.out().contains("\nlayer "), run.out());
        assertTrue(run.out().contains("Self-check: last layer = the model's output"), run.out());
        assertEquals("", run.err());
    }

    @Test
    void jsonReadsBackToTheWholeResult() throws IOException {
        CliRun run = CliRun.of(
                "analyze",
                "--model",
                MODEL,
                "--format",
                "json",
                "--embedding",
                "--top-k",
                "3",
                "--exact",
                "hello world");
        LensResult result = LensJson.read(new StringReader(run.out()));
        assertEquals("hello world", result.prompt().orElseThrow());
        assertEquals(-1, result.layers().get(0));
        assertEquals(result.model().layers() + 1, result.layers().size());
        assertEquals(3, result.k());
    }

    @Test
    void selectionsReachTheServer() throws IOException {
        LensResult result = json("--layers", "last", "--positions", "0,last", "hello world");
        assertEquals(List.of(result.model().layers() - 1), result.layers());
        assertEquals(List.of(0, result.tokens().size() - 1), result.positions());
    }

    @Test
    void statisticsAreThoseThatWereAsked() throws IOException {
        LensResult none = json("--stats", "none", "hello");
        assertTrue(none.entropy(0, 0).isEmpty());
        LensResult next = json("--stats", "kl-from-next", "hello");
        assertTrue(next.klFromNext(0, 0).isPresent());
        assertTrue(next.klFromFinal(0, 0).isEmpty());
    }

    @Test
    void targetsOfEveryKindAreFollowed() throws IOException {
        LensResult result = json(
                "--target", "next", "--target", "final-top", "--target", "id:7", "--target", "text:he", "hello world");
        assertEquals(4, result.targets().size());
        assertEquals(7, result.targetToken(result.targets().get(2).target(), 0).orElseThrow());
        int last = result.model().layers() - 1;
        assertEquals(1, result.rank(result.targets().get(1).target(), last, 0).orElseThrow());
    }

    @Test
    void csvAndV2AreWritten() {
        String csv = CliRun.of("analyze", "--model", MODEL, "--format", "csv", "hello")
                .out();
        assertTrue(csv.startsWith("layer,position,"), csv);
        String v2 = CliRun.of("analyze", "--model", MODEL, "--format", "v2", "hello")
                .out();
        assertEquals(
                2,
                JsonParser.parseString(v2)
                        .getAsJsonObject()
                        .getAsJsonObject("meta")
                        .get("version")
                        .getAsInt());
    }

    @Test
    void aFileGetsTheOutputAndStandardOutputNothing() throws IOException {
        Path file = folder.resolve("lens.json");
        CliRun run = CliRun.of("analyze", "--model", MODEL, "--format", "json", "--output", file.toString(), "hello");
        assertEquals("", run.out());
        assertEquals(
                "hello", LensJson.read(Files.newBufferedReader(file)).prompt().orElseThrow());
    }

    @Test
    void htmlIsOnePageInAFileOrAPipe() throws IOException {
        Path file = folder.resolve("lens.html");
        CliRun.of("analyze", "--model", MODEL, "--format", "html", "--output", file.toString(), "hello");
        String page = Files.readString(file);
        assertTrue(page.startsWith("<!doctype html>") && page.endsWith("</html>\n"), page);
        assertTrue(page.contains("<title>hello</title>"), page);
        CliRun piped = CliRun.of("analyze", "--model", MODEL, "--format", "html", "hello");
        assertTrue(piped.out().startsWith("<!doctype html>"), piped.out());
    }

    @Test
    void htmlIsNotPouredOverATerminal() {
        Terminal terminal = new Terminal(true, true, true, 100, 50, ColorDepth.PLAIN);
        CliRun run = CliRun.on(terminal, "", "analyze", "--model", MODEL, "--format", "html", "hello");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--output lens.html"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void pipedTextIsThePromptToTheByte() throws IOException {
        CliRun run = CliRun.with(" hello\n\n", "analyze", "--model", MODEL, "--format", "json");
        LensResult result = LensJson.read(new StringReader(run.out()));
        assertEquals(" hello\n\n", result.prompt().orElseThrow());
    }

    @Test
    void aTerminalGetsColorsProgressAndThreeNextSteps() {
        Terminal terminal = new Terminal(true, true, true, 80, 50, ColorDepth.TRUE_COLOR);
        CliRun run = CliRun.on(terminal, "", "analyze", "--model", MODEL, "hello world");
        assertTrue(run.out().contains("\033[38;2;"), run.out());
        assertTrue(run.out().contains("Try next"), run.out());
        assertEquals(
                3,
                run.out()
                        .lines()
                        .filter(line -> line.startsWith("  stratalens analyze"))
                        .count());
        assertTrue(run.err().startsWith("\r\033[Kstarting"), run.err());
        assertTrue(run.err().endsWith("\r\033[K"), run.err());
    }

    @Test
    void quietSilencesProgressAndHints() {
        Terminal terminal = new Terminal(true, true, true, 80, 50, ColorDepth.TRUE_COLOR);
        CliRun run = CliRun.on(terminal, "", "analyze", "--model", MODEL, "--quiet", "hello world");
        assertEquals("", run.err());
        assertFalse(run.out().contains("Try next"), run.out());
    }

    private static LensResult json(String... arguments) throws IOException {
        String[] all = new String[arguments.length + 5];
        System.arraycopy(new String[] {"analyze", "--model", MODEL, "--format", "json"}, 0, all, 0, 5);
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        CliRun run = CliRun.of(all);
        assertEquals(0, run.exitCode(), run.err());
        return LensJson.read(new StringReader(run.out()));
    }
}
