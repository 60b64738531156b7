package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code compare} from the arguments to the output, with the engine in this process. */
class CompareTest {

    private static final String MODEL = CliRun.TINY.toString();
    /** Other blocks, another vocabulary. */
    private static final String OTHER = "demo";

    @TempDir
    Path folder;

    @Test
    void aPromptIsNowhereApartFromItself() {
        JsonObject json = json("hello world", "hello world");
        for (String distance : List.of("total_variation", "jensen_shannon", "kl_a_b", "kl_b_a")) {
            numbers(json.get(distance)).forEach(value -> assertEquals(0, value, 1e-6));
        }
        assertEquals(
                "same_tokens",
                json.getAsJsonObject("positions").get("aligned_by").getAsString());
        assertTrue(json.getAsJsonObject("parting")
                .getAsJsonArray("positions")
                .get(0)
                .getAsJsonObject()
                .get("first_apart")
                .isJsonNull());
    }

    @Test
    void otherPromptsArePartedWhereTheirTokensDiffer() {
        JsonObject json = json("hello world", "hello there world");
        JsonObject positions = json.getAsJsonObject("positions");
        assertEquals("common_tokens", positions.get("aligned_by").getAsString());
        assertFalse(positions.getAsJsonArray("only_in_b").isEmpty());
        numbers(json.get("total_variation")).forEach(value -> assertTrue(value >= 0 && value <= 1));
        assertTrue(numbers(json.get("total_variation")).stream().anyMatch(value -> value > 0));
        assertEquals("id", json.get("tokens_matched_by").getAsString());
    }

    @Test
    void twoModelsOfOtherVocabulariesMeetByBytesAndText() {
        JsonObject json = json("--with-model", OTHER, "hello world");
        assertEquals("gpt2-fp16", json.getAsJsonObject("a").get("model").getAsString());
        assertEquals("demo", json.getAsJsonObject("b").get("model").getAsString());
        assertEquals(
                "same_bytes",
                json.getAsJsonObject("positions").get("aligned_by").getAsString());
        assertEquals("depth", json.getAsJsonObject("layers").get("aligned_by").getAsString());
        assertEquals("text", json.get("tokens_matched_by").getAsString());
        assertFalse(json.getAsJsonArray("total_variation").isEmpty());
    }

    @Test
    void aTableSaysHowTheRunsWereAlignedAndWhereTheyPart() {
        CliRun run = CliRun.of("compare", "--model", MODEL, "hello world", "hello there world");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("A: gpt2-fp16, \"hello world\""), run.out());
        assertTrue(run.out().contains("have no counterpart: "), run.out());
        assertTrue(run.out().contains("Farthest apart after "), run.out());
        assertTrue(run.out().contains("Distances are lower bounds"), run.out());
        assertEquals("", run.err());
    }

    @Test
    void savedResultsAreComparedWithoutAModel() {
        String one = save("hello world");
        String two = save("hello there");
        CliRun named = CliRun.of("compare", one, two, "--format", "csv");
        assertEquals(0, named.exitCode(), named.err());
        assertTrue(named.out().startsWith("layer_a,layer_b,position_a,"), named.out());
        assertEquals(
                named.out(),
                CliRun.of("compare", "--input", one, "--input", two, "--format", "csv")
                        .out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tv",
                "js",
                "kl-ab",
                "kl-ba",
                "entropy",
                "kl-from-final",
                "top",
                "target",
                "target-log-prob",
                "target-rank"
            })
    void everyComparedNumberHasItsMap(String by) {
        CliRun run = CliRun.of(
                "compare", "--model", MODEL, "hello", "world", "--target", "id:7", "--by", by, "--format", "markdown");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("| layer |"), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("\\| 0 \\|.*\\d\\.?\\d.*")), run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "trajectories", "layers"})
    void everyPictureHasItsNumbers(String picture) {
        CliRun run = CliRun.of(
                "compare",
                "--model",
                MODEL,
                "hello",
                "world",
                "--format",
                "csv",
                "--picture",
                picture,
                "--align",
                "depth");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().lines().count() > 2, run.out());
    }

    @Test
    void aPageHasBothRuns() throws IOException {
        Path page = folder.resolve("compare.html");
        CliRun run = CliRun.of(
                "compare", "--model", MODEL, "hello", "world", "--format", "html", "--output", page.toString());
        assertEquals(0, run.exitCode(), run.err());
        String html = Files.readString(page);
        assertTrue(html.startsWith("<!"), html);
        assertTrue(html.contains("<title>gpt2-fp16, \"hello\" | gpt2-fp16, \"world\"</title>"), html);
        assertEquals("", run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "trajectories", "layers"})
    void everyPictureIsDrawn(String picture) throws IOException {
        String[] arguments = {"compare", "--model", MODEL, "hello", "world", "--picture", picture, "--format"};
        CliRun svg = CliRun.of(with(arguments, "svg"));
        assertEquals(0, svg.exitCode(), svg.err());
        assertTrue(svg.out().startsWith("<svg ") && svg.out().contains("A: gpt2-fp16"), svg.out());
        Path file = folder.resolve("compare.png");
        CliRun png = CliRun.of(with(arguments, "png", "--output", file.toString()));
        assertEquals(0, png.exitCode(), png.err());
        assertEquals("PNG", new String(Files.readAllBytes(file), 1, 3, StandardCharsets.US_ASCII));
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void whatIsNoTextIsNotPrintedOnATerminal() {
        Terminal terminal = new Terminal(true, true, true, 80, 50, ColorDepth.TRUE_COLOR);
        for (String format : List.of("html", "png")) {
            CliRun run = CliRun.on(terminal, "", "compare", "--model", MODEL, "a", "b", "--format", format);
            assertEquals(2, run.exitCode());
            assertTrue(run.err().contains("--output compare." + format), run.err());
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("nothing to compare with", "hello"),
                refusal("there are 3 PROMPTs", "a", "b", "c"),
                refusal("a prompt is empty", "a", ""),
                refusal("--threshold: 0.0 is not allowed", "a", "b", "--threshold", "0"),
                refusal("--by target compares a target", "a", "b", "--by", "target"),
                refusal("--stride 0 is below 1", "a", "b", "--stride", "0"),
                refusal("tv, js, kl-ab", "a", "b", "--by", "far"),
                refusal("layer, depth", "a", "b", "--align", "near"),
                refusal("--at: position 99 of A", "a", "b", "--at", "99"),
                refusal("none.json cannot be read", "--input", "none.json", "--input", "none.json"),
                refusal("1 saved result; give two", "--input", "none.json"));
    }

    private static Arguments refusal(String words, String... arguments) {
        return Arguments.of(words, arguments);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void namesTheOffender(String words, String[] arguments) {
        List<String> all = new ArrayList<>(List.of("compare"));
        if (!List.of(arguments).contains("--input")) {
            all.addAll(List.of("--model", MODEL));
        }
        all.addAll(List.of(arguments));
        CliRun run = CliRun.of(all.toArray(String[]::new));
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(words), run.err());
        assertEquals("", run.out());
    }

    @Test
    void whatIsSavedIsNotMixedWithWhatIsComputed() throws IOException {
        String saved = save("hello");
        CliRun mixed = CliRun.of("compare", saved, "hello");
        assertEquals(2, mixed.exitCode());
        assertTrue(mixed.err().contains("the other PROMPT is a text"), mixed.err());
        CliRun withModel = CliRun.of("compare", saved, saved, "--with-model", MODEL);
        assertTrue(withModel.err().contains("a saved result has its model"), withModel.err());
        Path damaged = Files.writeString(folder.resolve("damaged.json"), "{}");
        CliRun unread = CliRun.of("compare", saved, damaged.toString());
        assertEquals(2, unread.exitCode());
        assertTrue(unread.err().contains("damaged.json: "), unread.err());
    }

    @Test
    void helpHasAnExampleForTheDemoModel() {
        CliRun run = CliRun.of("compare", "--help");
        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("\n  stratalens compare \"The capital of France is\""), run.out());
        run.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
    }

    private String save(String prompt) {
        Path file = folder.resolve(prompt.replace(' ', '-') + ".json");
        CliRun run = CliRun.of("analyze", "--model", MODEL, "--format", "json", "--output", file.toString(), prompt);
        assertEquals(0, run.exitCode(), run.err());
        return file.toString();
    }

    private static JsonObject json(String... arguments) {
        List<String> all = new ArrayList<>(List.of("compare", "--model", MODEL, "--format", "json"));
        all.addAll(List.of(arguments));
        CliRun run = CliRun.of(all.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static List<Double> numbers(JsonElement grid) {
        List<Double> numbers = new ArrayList<>();
        for (JsonElement row : grid.getAsJsonArray()) {
            JsonArray cells = row.getAsJsonArray();
            cells.forEach(cell -> numbers.add(cell.getAsDouble()));
        }
        return numbers;
    }
}
