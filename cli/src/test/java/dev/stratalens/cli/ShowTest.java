package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Terminal;
import dev.stratalens.engine.error.PrintableText;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

/** {@code show}: what was saved, in every format, without a model. */
class ShowTest {

    private static final String MODEL = CliRun.TINY.toString();

    @TempDir
    static Path folder;

    private static String saved = "";

    @BeforeAll
    static void save() {
        saved = folder.resolve("lens.json").toString();
        CliRun run = CliRun.of(
                "analyze",
                "--model",
                MODEL,
                "--target",
                "next",
                "--stats",
                "all,kl-from-next",
                "--format",
                "json",
                "--output",
                saved,
                "hello world");
        assertEquals(0, run.exitCode(), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "json", "csv", "markdown", "svg"})
    void everyFormatIsWhatAnalyzeWrites(String format) throws IOException {
        CliRun shown = CliRun.of("show", saved, "--format", format);
        assertEquals(0, shown.exitCode(), shown.err());
        Path again = Files.writeString(
                folder.resolve("again.json"),
                CliRun.of("show", saved, "--format", "json").out());
        assertEquals(
                shown.out(),
                CliRun.of("show", again.toString(), "--format", format).out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ranks",
                "kl --from next",
                "entropy --positions last",
                "logits --by-layer --format csv",
                "trajectory --positions all",
                "crystallize --rank 3 --format json"
            })
    void aViewIsWhatItsCommandSaysOfAFile(String line) {
        List<String> words = List.of(line.split(" "));
        List<String> options = words.subList(1, words.size());
        List<String> command = new ArrayList<>(List.of(words.get(0), "--input", saved));
        command.addAll(options);
        List<String> view = new ArrayList<>(List.of("show", saved, "--view", words.get(0)));
        view.addAll(options);
        CliRun expected = CliRun.of(command.toArray(String[]::new));
        assertEquals(0, expected.exitCode(), expected.err());
        assertEquals(expected, CliRun.of(view.toArray(String[]::new)));
        assertEquals(expected.out(), CliRun.of(merged(view)).out());
    }

    /** The same with {@code --view=NAME}, before the file. */
    private static String[] merged(List<String> view) {
        List<String> words = new ArrayList<>(view);
        words.subList(1, 4).clear();
        words.addAll(1, List.of("--view=" + view.get(3), view.get(1)));
        return words.toArray(String[]::new);
    }

    @Test
    void aViewComputesNothing() {
        CliRun unknown = CliRun.of("show", saved, "--view", "heat");
        assertEquals(2, unknown.exitCode());
        assertTrue(
                unknown.err().contains("\"heat\" is not one of ranks, kl, entropy, logits, trajectory, crystallize"),
                unknown.err());
        CliRun model = CliRun.of("show", saved, "--view", "kl", "--model", MODEL);
        assertEquals(2, model.exitCode());
        assertTrue(model.err().contains("--model says how to compute"), model.err());
        assertEquals(2, CliRun.of("show", "--view", "kl").exitCode());
        String help = CliRun.of("show", "--view", "kl", "--help").out();
        assertTrue(help.contains("FILE") && help.contains("--from"), help);
    }

    @Test
    void nothingOfAHostileFileReachesATerminal() throws IOException {
        String evil = "\\u001b[2J\\u0007\\u202e";
        Path file = folder.resolve("hostile.json");
        Files.writeString(
                file,
                Files.readString(Path.of(saved))
                        .replaceAll(
                                "(\"(raw|text|prompt|architecture|revision|label)\"|\"model\":\\{\"name\"):\"",
                                "$0" + evil.replace("\\", "\\\\")));
        Terminal terminal = new Terminal(true, true, true, 80, 50, ColorDepth.PLAIN);
        for (String view : List.of("", "ranks", "kl", "entropy", "logits", "trajectory", "crystallize --rank 3")) {
            for (String format : List.of("table", "markdown")) {
                List<String> words = new ArrayList<>(List.of("show", file.toString(), "--format", format));
                if (!view.isEmpty()) {
                    words.addAll(List.of(("--view " + view).split(" ", -1)));
                }
                CliRun run = CliRun.on(terminal, "", words.toArray(String[]::new));
                assertEquals(0, run.exitCode(), run.err());
                String all = run.out() + run.err();
                assertTrue(all.contains("u001b"), all);
                assertEquals(all.replace("\n", ""), PrintableText.of(all.replace("\n", "")), words::toString);
            }
        }
    }

    @Test
    void standardInputIsReadToo() throws IOException {
        CliRun run = CliRun.with(Files.readString(Path.of(saved)), "show", "-");
        assertEquals(CliRun.of("show", saved).out(), run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"probability", "target", "rank", "entropy", "kl-from-final", "kl-from-next", "logit", "agreement"
            })
    void everyColorModeIsShownInEachPicture(String mode) throws Exception {
        CliRun svg = CliRun.of("show", saved, "--format", "svg", "--color", mode);
        assertEquals(0, svg.exitCode(), svg.err());
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg.out())));
        Terminal terminal = new Terminal(true, true, true, 80, 50, ColorDepth.TRUE_COLOR);
        CliRun table = CliRun.on(terminal, "", "show", saved, "--color", mode);
        assertTrue(table.out().contains("\033[38;2;"), table.out());
        assertTrue(table.err().isEmpty(), table.err());
    }

    @Test
    void aColorThatTheResultDoesNotHaveIsRefusedWithTheRemedy() {
        String plain = folder.resolve("plain.json").toString();
        CliRun.of("analyze", "--model", MODEL, "--stats", "none", "--format", "json", "--output", plain, "hello world");
        CliRun kl = CliRun.of("show", plain, "--color", "kl-from-final");
        assertEquals(2, kl.exitCode());
        assertEquals(
                "stratalens: --color kl-from-final: the result has no kl-from-final; ask with LensRequest.Builder.statistics"
                        + " (--stats on the command line).\n",
                kl.err());
        CliRun rank = CliRun.of("show", plain, "--color", "rank");
        assertTrue(rank.err().contains("no target 0") && rank.err().contains("--target"), rank.err());
    }

    @Test
    void analyzeAsksForWhatAColorNeeds() {
        for (String mode : List.of("kl-from-next", "rank", "target")) {
            CliRun run = CliRun.of("analyze", "--model", MODEL, "--color", mode, "--stats", "none", "hello world");
            assertEquals(0, run.exitCode(), mode + ": " + run.err());
        }
    }

    @Test
    void aStrideKeepsTheLastLayerAndSaysSo() {
        CliRun run = CliRun.of("show", saved, "--stride", "100");
        assertTrue(run.out().contains("every 100th layer and the last"), run.out());
        assertTrue(run.out().contains("\n    0 "), run.out());
    }

    @Test
    void aPngHasTheAskedPixelsAndColors() throws IOException {
        File light = folder.resolve("light.png").toFile();
        assertEquals(
                0,
                CliRun.of("show", saved, "--format", "png", "--width", "400", "--output", light.toString())
                        .exitCode());
        BufferedImage image = ImageIO.read(light);
        assertEquals(800, image.getWidth());
        assertEquals(0xFFFFFF, image.getRGB(0, 0) & 0xFFFFFF);
        File dark = folder.resolve("dark.png").toFile();
        CliRun.of(
                "show",
                saved,
                "--format",
                "png",
                "--width",
                "400",
                "--theme",
                "dark",
                "--scale",
                "1",
                "--output",
                dark.toString());
        assertEquals(400, ImageIO.read(dark).getWidth());
        assertEquals(0x16181D, ImageIO.read(dark).getRGB(0, 0) & 0xFFFFFF);
    }

    @Test
    void theEndingOfTheFileSaysItsFormat() throws IOException {
        String model = CliRun.of("show", saved).out().substring(0, 4);
        Map<String, String> begins = Map.of(
                "a.html", "<!doctype", "a.SVG", "<svg", "a.json", "{", "a.csv", "layer", "a.md", "**", "a", model);
        begins.forEach((name, begin) -> {
            Path file = folder.resolve(name);
            assertEquals(
                    0, CliRun.of("show", saved, "--output", file.toString()).exitCode(), name);
            String text = assertDoesNotThrow(() -> Files.readString(file));
            assertTrue(text.startsWith(begin), () -> name + ": " + text.lines().findFirst());
        });
        Path file = folder.resolve("table.html");
        CliRun.of("show", saved, "--format", "table", "--output", file.toString());
        assertTrue(Files.readString(file).startsWith(model), "an option is stronger");
        CliRun refused = CliRun.of(
                "trajectory", saved, "--output", folder.resolve("a.v2").toString());
        assertEquals(2, refused.exitCode());
        assertTrue(
                refused.err()
                        .contains("a.v2: this command writes no v2; choose a --format of: table, json, csv, markdown,"),
                refused.err());
    }

    @Test
    void aPngIsNotPouredOverATerminal() {
        Terminal terminal = new Terminal(true, true, true, 80, 50, ColorDepth.TRUE_COLOR);
        CliRun run = CliRun.on(terminal, "", "show", saved, "--format", "png");
        assertEquals(2, run.exitCode());
        assertEquals("stratalens: --format png is a picture; name its file: --output lens.png\n", run.err());
    }

    /** As in a slim container. Elsewhere Java finds fonts without fontconfig. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutFontsAPngIsRefusedAndSvgIsNamed() throws Exception {
        Path none = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig></fontconfig>");
        List<String> words = new ArrayList<>(
                CliRun.processOf("show", saved, "--format", "png", "--output", folder + "/without-fonts.png"));
        words.add(1, "-Duser.home=" + folder); // where Java remembers the fonts of an earlier start
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(err.toFile());
        builder.environment().put("FONTCONFIG_FILE", none.toString());
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "no end after a minute");
        String said = Files.readString(err);
        assertTrue(said.startsWith("stratalens: a PNG file needs fonts"), said);
        assertTrue(said.contains("fonts-dejavu-core") && said.contains("--format svg"), said);
        assertEquals(1, process.exitValue());
        assertFalse(Files.exists(folder.resolve("without-fonts.png")));
    }

    @Test
    void aResultOfABatchIsChosenByItsId() throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.jsonl"), """
            {"id": "a", "text": "hello"}
            {"id": "b", "text": "world"}
            {"id": "bad", "token_ids": [999999]}
            """);
        String results = folder.resolve("results.jsonl").toString();
        CliRun.of("batch", "--model", MODEL, prompts.toString(), "--output", results);
        CliRun json = CliRun.of("show", results, "--id", "b", "--format", "json");
        assertTrue(json.out().contains("\"prompt\":\"world\""), json.err());
        CliRun which = CliRun.of("show", results);
        assertEquals(2, which.exitCode());
        assertTrue(which.err().contains("has 2 results; say which with --id: "), which.err());
        CliRun failed = CliRun.of("show", results, "--id", "bad");
        assertTrue(failed.err().contains("this prompt failed") && failed.err().contains("999999"), failed.err());
        CliRun none = CliRun.of("show", results, "--id", "c");
        assertTrue(none.err().contains("has no such result"), none.err());
    }

    @Test
    void filesOfTheWidgetAreShownAsFarAsTheyGo() {
        String v2 = folder.resolve("v2.json").toString();
        CliRun.of("analyze", "--model", MODEL, "--format", "v2", "--output", v2, "hello");
        for (String format : List.of("table", "markdown", "svg", "v2")) {
            CliRun shown = CliRun.of("show", v2, "--format", format);
            assertEquals(0, shown.exitCode(), shown.err());
            assertFalse(shown.out().contains("NaN"), shown.out());
        }
        assertTrue(CliRun.of("show", v2).out().contains("read from V2 JSON"));
        for (String format : List.of("json", "csv", "html")) {
            CliRun refused = CliRun.of(
                    "show",
                    v2,
                    "--format",
                    format,
                    "--output",
                    folder.resolve("out").toString());
            assertEquals(2, refused.exitCode());
            assertTrue(refused.err().contains("is V2 JSON, which lacks ids"), refused.err());
            assertFalse(Files.exists(folder.resolve("out")));
        }
        CliRun color = CliRun.of("show", v2, "--color", "entropy");
        assertEquals(2, color.exitCode(), color.out());
    }

    @Test
    void whatIsNoResultIsRefusedWithTheRemedy() throws IOException {
        CliRun missing = CliRun.of("show", folder.resolve("none.json").toString());
        assertTrue(missing.err().contains("cannot be read"), missing.err());
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"format\":\"stratalens/2\",");
        assertTrue(CliRun.of("show", broken.toString()).err().contains("analyze --format json"));
        CliRun empty = CliRun.with("", "show", "-");
        assertEquals(2, empty.exitCode(), empty.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--width=1mm", "--width=wide", "--font-size=0.5px", "--stride=0", "--scale=0", "--scale=9"})
    void whatCannotBeDrawnIsRefusedBeforeAnythingIsComputed(String option) {
        CliRun run = CliRun.of("analyze", "--model", "/no/such/model", "--format", "svg", option, "hello");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains(option.substring(0, option.indexOf('='))), run.err());
    }

    @Test
    void aPictureThatNoMemoryHoldsIsRefused() {
        CliRun run = CliRun.of(
                "show",
                saved,
                "--format",
                "png",
                "--scale",
                "8",
                "--font-size",
                "100px",
                "--output",
                folder.resolve("large.png").toString());
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("more than 100 million"), run.err());
    }
}
