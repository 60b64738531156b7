package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code eval} from the arguments to the output, with the engine in this process. */
class EvalTest {

    private static final Path RESOURCES = CliRun.ROOT.resolve("server/engine/src/test/resources");
    private static final String MODEL = RESOURCES.resolve("parity/gpt2").toString();
    private static final Path RECORDED = CliRun.ROOT.resolve("cli/src/test/resources/evaluation");
    private static final double TOLERANCE = 2e-5;

    @TempDir
    Path folder;

    @Test
    void aCorpusGivesWhatStraightLineCodeGives() throws IOException {
        Path metrics = folder.resolve("aggregate_metrics.json");
        CliRun run = corpus("--length", "12", "--format", "json", "--aggregate-metrics", metrics.toString());
        assertEquals(0, run.exitCode(), run.err());
        JsonObject result = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(4, result.get("units").getAsInt());
        assertEquals(96, result.get("tokens").getAsInt());
        JsonObject expected = recorded().getAsJsonObject("means");
        int compared = 0;
        for (JsonElement element : result.getAsJsonArray("lenses")) {
            JsonObject lens = element.getAsJsonObject();
            String name = lens.get("lens").getAsString().replace("transport:", "");
            JsonArray layers = lens.getAsJsonArray("layers");
            for (int i = 0; i < layers.size(); i++) {
                for (String measure : lens.keySet()) {
                    JsonElement values = expected.get(
                            "%s %d %s".formatted(name, layers.get(i).getAsInt(), measure));
                    if (values != null) {
                        JsonObject own = lens.getAsJsonObject(measure);
                        assertEquals(number(values, 0), number(own.get("mean"), i), TOLERANCE, measure);
                        assertEquals(number(values, 1), number(own.get("margin"), i), TOLERANCE, measure);
                        compared++;
                    }
                }
            }
        }
        assertEquals(expected.size(), compared);
        assertSameNumbers(
                recorded().getAsJsonObject("aggregate_metrics"),
                JsonParser.parseString(Files.readString(metrics)).getAsJsonObject());
    }

    private static void assertSameNumbers(JsonObject expected, JsonObject actual) {
        assertEquals(expected.keySet(), actual.keySet());
        for (String key : expected.keySet()) {
            if (expected.get(key).isJsonObject()) {
                assertSameNumbers(expected.getAsJsonObject(key), actual.getAsJsonObject(key));
            } else {
                assertEquals(expected.get(key).getAsDouble(), actual.get(key).getAsDouble(), TOLERANCE, key);
            }
        }
    }

    @Test
    void keptSumsAreNotComputedAgain() throws IOException {
        Path sums = folder.resolve("sums.json");
        List<String> lines = Files.readAllLines(RECORDED.resolve("documents.jsonl"));
        String whole = corpus("--format", "json", "--in-flight", "1").out();
        String first = corpus("--format", "json", "--in-flight", "1", "--sums", sums.toString(), "--save-every", "0")
                .out();
        assertEquals(whole, first);
        JsonObject kept = JsonParser.parseString(Files.readString(sums)).getAsJsonObject();
        assertEquals(lines.size(), kept.get("lines").getAsInt());
        CliRun again = corpus("--format", "json", "--in-flight", "1", "--sums", sums.toString());
        assertEquals(whole, again.out(), "nothing is computed twice");
        assertEquals(0, again.exitCode(), again.err());

        CliRun other = corpus("--format", "json", "--skip", "2", "--sums", sums.toString());
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("has the sums of another file, model or options"), other.err());
        Files.writeString(sums, "{}");
        assertEquals(2, corpus("--sums", sums.toString()).exitCode());
    }

    @Test
    void questionsGiveTheBestRanksOfTheirWords() throws IOException {
        String prompt = "hello world";
        CliRun run = questions(
                "{\"text\": \"%s\", \"targets\": [\"id:7\", \"id:9\"]}\n{\"text\": \"hello there\", \"targets\": [\"id:8\"]}"
                        .formatted(prompt),
                "--format",
                "json",
                "--pass",
                "1,50",
                "--positions",
                "all");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject lens = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonArray("lenses")
                .get(0)
                .getAsJsonObject();
        List<Integer> best = new ArrayList<>();
        best.add(best(prompt, 7));
        best.add(best(prompt, 9));
        best.add(best("hello there", 8));
        double within = best.stream().filter(rank -> rank <= 50).count() / 3.0;
        assertEquals(within, ofAllLayers(lens, "pass@50"), 1e-12);
        assertEquals(best.stream().mapToDouble(Math::log10).average().orElseThrow(), ofAllLayers(lens, "rank"), 1e-12);
    }

    private static double ofAllLayers(JsonObject lens, String measure) {
        return lens.getAsJsonObject(measure)
                .getAsJsonObject("best_of_all_layers")
                .get("mean")
                .getAsDouble();
    }

    private int best(String prompt, int id) throws IOException {
        Path file = folder.resolve("result.json");
        CliRun run = CliRun.of(
                "analyze", "--model", MODEL, prompt, "--target", "id:" + id, "--format", "json", "--output", file + "");
        assertEquals(0, run.exitCode(), run.err());
        LensResult result = LensJson.read(Files.newBufferedReader(file));
        int best = Integer.MAX_VALUE;
        for (int layer : result.layers()) {
            for (int position : result.positions()) {
                best = Math.min(
                        best, result.rank(LensTarget.id(id), layer, position).orElseThrow());
            }
        }
        return best;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eval | | eval needs a command: corpus or questions",
                "eval corpus --by loss | {\"text\": \"a\"} | --by: \"loss\" is not one of cross-entropy",
                "eval corpus --length 1 | {\"text\": \"a\"} | --length: 1 is outside 2 ..",
                "eval corpus --skip 40 --length 30 | {\"text\": \"a\"} | --skip: 40 is outside 0 .. 28",
                "eval corpus | {\"token_ids\": [1]} | line 1: a document is a text",
                "eval corpus | {\"text\": \"a\", \"layers\": \"0\"} | line 1: layers, positions, top_k and stats are those",
                "eval corpus --aggregate-metrics x.json --layers 0 | {\"text\": \"a\"} | leave out --layers",
                "eval corpus --aggregate-metrics x.json --lens raw | {\"text\": \"a\"} | give --lens logit, too",
                "eval questions | {\"text\": \"a\"} | line 1: a question has \"targets\"",
                "eval questions --pass 0 | {\"text\": \"a\", \"targets\": [\"b\"]} | --pass: 0 is below 1",
            })
    void whatCannotBeMeasuredIsRefused(String command, String line, String message) throws IOException {
        List<String> arguments = new ArrayList<>(Arrays.asList(command.split(" ")));
        if (arguments.size() > 1) {
            arguments.add(Files.writeString(folder.resolve("lines.jsonl"), line).toString());
            arguments.addAll(List.of("--model", MODEL));
        }
        CliRun run = CliRun.of(arguments.toArray(String[]::new));
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }

    @Test
    void aDocumentThatFailsIsToldAndTheOthersCount() throws IOException {
        CliRun run = questions(
                "{\"id\": \"long\", \"text\": \"%s\", \"targets\": [\"id:1\"]}\n{\"text\": \"hi\", \"targets\": [\"id:1\"]}"
                        .formatted("hello ".repeat(200)));
        assertEquals(6, run.exitCode(), run.err());
        assertTrue(run.err().contains("line 1, \"long\": PROMPT_TOO_LONG"), run.err());
        assertTrue(run.out().contains("gpt2: 1 questions."), run.out());
    }

    private CliRun corpus(String... options) {
        return run(
                RECORDED.resolve("documents.jsonl"),
                "corpus",
                Map.of("--lens-file", "tuned=" + RESOURCES.resolve("lenses/gpt2/tuned")),
                options);
    }

    private CliRun questions(String lines, String... options) throws IOException {
        return run(Files.writeString(folder.resolve("questions.jsonl"), lines), "questions", Map.of(), options);
    }

    private static CliRun run(Path file, String kind, Map<String, String> more, String... options) {
        List<String> arguments = new ArrayList<>(List.of("eval", kind, file.toString(), "--model", MODEL));
        more.forEach((name, value) -> arguments.addAll(List.of(name, value)));
        arguments.addAll(Arrays.asList(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    private static JsonObject recorded() throws IOException {
        return JsonParser.parseString(Files.readString(RECORDED.resolve("expected.json")))
                .getAsJsonObject();
    }

    private static double number(JsonElement array, int index) {
        return array.getAsJsonArray().get(index).getAsDouble();
    }
}
