package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code prompts} from the arguments to the output, with the engine in this process. */
class PromptsTest {

    private static final String MODEL = CliRun.TINY.toString();
    private static final String TWO_TYPES = """
        {"id": "1", "type": "greetings", "text": "hello", "targets": ["id:7"]}
        {"id": "2", "type": "worlds", "text": "world"}
        {"id": "3", "type": "greetings", "text": "hello there", "targets": ["id:8"]}
        """;

    @TempDir
    Path folder;

    @Test
    void theExamplesOfTheGuideSayWhatTheDemoModelKnows() {
        CliRun run = CliRun.of(
                "prompts", CliRun.ROOT.resolve("docs/examples/prompts.jsonl").toString(), "--format", "json");
        assertEquals(0, run.exitCode(), run.err());
        JsonArray types = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("types");
        assertEquals(3, types.size());
        for (int i = 0; i < 3; i++) {
            JsonObject type = types.get(i).getAsJsonObject();
            JsonArray means = type.getAsJsonObject("target_probability").getAsJsonArray("mean");
            double last = means.get(means.size() - 1).getAsDouble();
            assertTrue(last > 0.5, type.get("type") + " end at " + last);
            assertTrue(means.get(0).getAsDouble() < 0.1, type.toString());
        }
    }

    @Test
    void typesAreCountedAndAveragedByThemselves() throws IOException {
        JsonObject json = json(TWO_TYPES);
        JsonObject greetings = json.getAsJsonArray("types").get(0).getAsJsonObject();
        assertEquals("greetings", greetings.get("type").getAsString());
        assertEquals(2, greetings.get("prompts").getAsInt());
        double mean = mean(greetings, "entropy");
        double one = mean(first(json("{\"text\": \"hello\"}\n")), "entropy");
        double two = mean(first(json("{\"text\": \"hello there\"}\n")), "entropy");
        assertEquals((one + two) / 2, mean, 1e-4);
        assertTrue(json.getAsJsonArray("types").get(1).getAsJsonObject().get("target_probability") == null);
    }

    @Test
    void aTableHasEveryQuantityAndCsvALineForEachNumber() throws IOException {
        CliRun table = run(TWO_TYPES, "--positions", "all", "--target", "next");
        assertEquals(0, table.exitCode(), table.err());
        for (String title : List.of("crystallization", "Entropy (nats)", "KL from final", "Rank of the target")) {
            assertTrue(table.out().contains(title), table.out());
        }
        CliRun csv = run(TWO_TYPES, "--format", "csv");
        assertTrue(csv.out().startsWith("type,quantity,layer,prompts,mean,standard_deviation\n"), csv.out());
        assertTrue(csv.out().contains("greetings,target_log_rank,0,2,"), csv.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"target", "target-rank", "final", "final-rank", "entropy", "kl-from-final"})
    void oneQuantityCanBeShownAlone(String by) throws IOException {
        CliRun run = run(TWO_TYPES, "--by", by);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                1, run.out().lines().filter(line -> line.startsWith("layer ")).count(), run.out());
    }

    @Test
    void aPictureHasACurveForEachType() throws IOException {
        CliRun svg = run(TWO_TYPES, "--format", "svg", "--by", "entropy");
        assertEquals(0, svg.exitCode(), svg.err());
        assertTrue(svg.out().startsWith("<svg "), svg.out());
        assertTrue(svg.out().contains("greetings (2)") && svg.out().contains("worlds (1)"), svg.out());
        Path file = folder.resolve("types.png");
        assertEquals(
                0,
                run(TWO_TYPES, "--format", "png", "--output", file.toString()).exitCode());
        assertEquals("PNG", new String(Files.readAllBytes(file), 1, 3, StandardCharsets.US_ASCII));
    }

    @Test
    void whatABatchComputedIsReadAndGivesTheSame() throws IOException {
        Path prompts = write(TWO_TYPES);
        Path results = folder.resolve("results.jsonl");
        CliRun batch = CliRun.of(
                "batch",
                prompts.toString(),
                "--output",
                results.toString(),
                "--model",
                MODEL,
                "--positions",
                "last",
                "--target",
                "final-top");
        assertEquals(0, batch.exitCode(), batch.err());
        CliRun read = CliRun.of("prompts", prompts.toString(), "--results", results.toString(), "--format", "json");
        assertEquals(0, read.exitCode(), read.err());
        JsonObject computed = first(json(TWO_TYPES));
        JsonObject fromResults = first(JsonParser.parseString(read.out()).getAsJsonObject());
        assertEquals(mean(computed, "entropy"), mean(fromResults, "entropy"), 1e-4);
        assertEquals(mean(computed, "target_probability"), mean(fromResults, "target_probability"), 1e-4);
        Files.writeString(results, Files.readString(results).stripTrailing().replaceFirst("\\}\\z", ""));
        CliRun cut = CliRun.of("prompts", prompts.toString(), "--results", results.toString());
        assertEquals(6, cut.exitCode(), cut.err());
        assertTrue(cut.err().contains("2 of 3 prompts have a result"), cut.err());
    }

    @Test
    void aPromptThatFailsIsToldAndTheOthersCount() throws IOException {
        CliRun run = run(TWO_TYPES + "{\"id\": \"bad\", \"token_ids\": [0, 99999]}\n", "--format", "json");
        assertEquals(6, run.exitCode(), run.err());
        assertTrue(run.err().contains("line 4, \"bad\": INVALID_REQUEST"), run.err());
        assertTrue(run.err().contains("3 of 4 prompts have a result."), run.err());
        assertEquals(
                2,
                JsonParser.parseString(run.out())
                        .getAsJsonObject()
                        .getAsJsonArray("types")
                        .size());
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("--by target: no prompt has that", "{\"text\": \"hello\"}", "--by", "target"),
                refusal("target, target-rank, final", "{\"text\": \"hello\"}", "--by", "loss"),
                refusal("line 1: \"type\" is text in quotes", "{\"text\": \"hello\", \"type\": 3}"),
                refusal("--in-flight: 0", "{\"text\": \"hello\"}", "--in-flight", "0"),
                refusal("--results: there is no file none", "{\"text\": \"hello\"}", "--results", "none"),
                refusal("line 1: --layers", "{\"text\": \"hello\", \"layers\": \"77\"}"),
                refusal("none of the 1 prompts has a result", "{\"token_ids\": [99999]}"));
    }

    private static Arguments refusal(String words, String prompts, String... options) {
        return Arguments.of(words, prompts, options);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void namesTheOffender(String words, String prompts, String[] options) throws IOException {
        CliRun run = run(prompts, options);
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(words), run.err());
        assertEquals("", run.out());
    }

    @Test
    void foreignResultsAreRefused() throws IOException {
        Path prompts = write("{\"id\": \"a\", \"text\": \"hello\"}\n");
        Path results = Files.writeString(folder.resolve("results.jsonl"), "{}\n{}\n");
        CliRun foreign = CliRun.of("prompts", prompts.toString(), "--results", results.toString());
        assertEquals(2, foreign.exitCode());
        assertTrue(foreign.err().contains("line 1 of "), foreign.err());
        CliRun model = CliRun.of("prompts", prompts.toString(), "--results", results.toString(), "--model", MODEL);
        assertTrue(model.err().contains("--results has its model"), model.err());
    }

    @Test
    void helpHasAnExampleForTheDemoModel() {
        CliRun run = CliRun.of("prompts", "--help");
        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("\n  stratalens prompts docs/examples/prompts.jsonl"), run.out());
        run.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
    }

    private Path write(String prompts) throws IOException {
        return Files.writeString(folder.resolve("prompts.jsonl"), prompts);
    }

    private CliRun run(String prompts, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("prompts", write(prompts).toString()));
        if (!List.of(options).contains("--results")) {
            all.addAll(List.of("--model", MODEL));
        }
        all.addAll(List.of(options));
        return CliRun.of(all.toArray(String[]::new));
    }

    private JsonObject json(String prompts) throws IOException {
        CliRun run = run(prompts, "--format", "json");
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static JsonObject first(JsonObject json) {
        return json.getAsJsonArray("types").get(0).getAsJsonObject();
    }

    /** At the first layer. */
    private static double mean(JsonObject type, String quantity) {
        return type.getAsJsonObject(quantity).getAsJsonArray("mean").get(0).getAsDouble();
    }
}
