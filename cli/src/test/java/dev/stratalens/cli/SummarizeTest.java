package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code summarize} against SQL over the same table. */
class SummarizeTest {

    private static final String MODEL = CliRun.TINY.toString();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeTables() throws IOException {
        StringBuilder prompts = new StringBuilder("text,kind,wanted\n");
        for (int i = 0; i < 24; i++) {
            prompts.append(
                    "\"hello world %s\",%s,\" you\"\n".formatted("you ".repeat(i % 5), i % 3 == 0 ? "odd" : "even"));
        }
        Files.writeString(folder.resolve("prompts.csv"), prompts);
        for (String rows : List.of("position", "layer")) {
            CliRun run = CliRun.of(
                    "batch",
                    folder.resolve("prompts.csv").toString(),
                    "--type-column",
                    "kind",
                    "--target-column",
                    "wanted",
                    "--embedding",
                    "--sites",
                    "feed-forward-output",
                    "--model",
                    MODEL,
                    "--rows",
                    rows,
                    "--part-size",
                    "0.01",
                    "--output",
                    table(rows).toString());
            assertEquals(0, run.exitCode(), run.err());
        }
    }

    private static Path table(String rows) {
        return folder.resolve(rows + ".parquet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"position", "layer"})
    void meansAndQuantilesAreThoseOfSql(String rows) throws Exception {
        CliRun run = summarize(rows, "--group", "type", "--format", "csv", "--quantiles", "0.1,0.5");
        assertEquals(0, run.exitCode(), run.err());
        Map<String, List<String>> lines = new HashMap<>();
        for (String line : run.out().lines().skip(1).toList()) {
            List<String> fields = List.of(line.split(",", -1));
            lines.put(fields.get(0) + " " + fields.get(2) + " " + fields.get(3), fields.subList(4, fields.size()));
        }

        int compared = 0;
        for (List<String> expected : bySql(rows)) {
            String key = "%s %s %s".formatted(expected.get(0), expected.get(1), expected.get(2));
            List<String> actual = Objects.requireNonNull(lines.remove(key), () -> key + " is missing in " + run.out());
            assertEquals(expected.get(3), actual.get(0), key);
            for (int i = 1; i <= 3; i++) {
                double wanted = Double.parseDouble(expected.get(3 + i));
                double error = i == 1 ? 1e-5 : 0.0051;
                assertEquals(wanted, Double.parseDouble(actual.get(i)), error * Math.abs(wanted) + 1e-9, key);
            }
            compared++;
        }
        assertTrue(compared > 30, compared + " compared");
        assertEquals(Map.of(), lines);
    }

    /** Measures by type and layer: count, mean, and two quantiles. */
    private static List<List<String>> bySql(String rows) throws SQLException {
        boolean lists = rows.equals("position");
        List<List<String>> all = new ArrayList<>();
        for (Map.Entry<String, String> measure : Map.of(
                        "entropy", "entropy",
                        "kl-from-final", "kl_from_final",
                        "margin", "margin",
                        "top-probability", "exp(top_log_probs[1])",
                        "target-probability", "exp(target_log_probs[1])",
                        "target-rank", "target_ranks[1]")
                .entrySet()) {
            String cells = lists
                    ? "SELECT type, unnest(layer) AS layer, unnest(site) AS site, unnest(entropy) AS entropy,"
                            + " unnest(kl_from_final) AS kl_from_final, unnest(margin) AS margin, unnest(top_log_probs) AS top_log_probs,"
                            + " unnest(target_ranks) AS target_ranks, unnest(target_log_probs) AS target_log_probs"
                            + " FROM TABLE"
                    : "SELECT * FROM TABLE";
            String mean = measure.getKey().equals("target-rank") ? "exp(avg(ln(x)))" : "avg(x)";
            all.addAll(DuckDb.query(
                    table(rows),
                    "SELECT type, '%s', layer, count(x), %s, quantile_cont(x, 0.1), quantile_cont(x, 0.5) FROM (SELECT type, layer, site, %s AS x FROM (%s)) WHERE site IN ('block_output', 'embedding') GROUP BY type, layer"
                            .formatted(measure.getKey(), mean, measure.getValue(), cells)));
        }
        return all;
    }

    @Test
    void aTableForPeopleHasAColumnForEachGroup() {
        CliRun run = summarize("position", "--group", "type", "--by", "entropy");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("gpt2-fp16: 24 documents."), run.out());
        assertTrue(
                run.out().contains("layer")
                        && run.out().contains("odd")
                        && run.out().contains("even"),
                run.out());
        assertTrue(run.out().contains("Entropy (nats)") && !run.out().contains("Probability"), run.out());
    }

    @Test
    void jsonHasEverythingAndAPictureACurveForEachGroup() {
        CliRun json = summarize("layer", "--format", "json", "--group", "type");
        JsonObject result = JsonParser.parseString(json.out()).getAsJsonObject();
        assertEquals("stratalens-summary/1", result.get("format").getAsString());
        assertEquals(24, result.get("documents").getAsInt());
        assertEquals(2, result.getAsJsonArray("groups").size());
        CliRun svg = summarize("layer", "--format", "svg", "--group", "type", "--by", "kl-from-final");
        assertTrue(svg.out().startsWith("<svg") && svg.out().contains("odd (8)"), svg.out());
    }

    @Test
    void aTableThatIsNotCompleteSaysSo() throws IOException {
        Path part = Files.createDirectory(folder.resolve("part"));
        Files.copy(table("layer").resolve("part-00000.parquet"), part.resolve("part-00000.parquet"));
        Files.writeString(part.resolve("_journal.jsonl"), line("a", "result") + line("b", "result") + "{\"id\":\"c");
        Files.writeString(part.resolve("_failures.jsonl"), line("d", "error"));

        CliRun json = CliRun.of("summarize", part.toString(), "--format", "json");
        assertEquals(6, json.exitCode(), json.err());
        String words = "the batch is unfinished, and 2 of its results are not in a part yet; 1 prompt failed";
        assertEquals(part + " is not complete: " + words + ". The summary is without them.\n", json.err());
        JsonObject result = JsonParser.parseString(json.out()).getAsJsonObject();
        assertTrue(result.get("unfinished").getAsBoolean());
        assertEquals(1, result.get("failed").getAsInt());
        assertTrue(
                CliRun.of("summarize", part.toString()).out().replace('\n', ' ').contains(words));
        CliRun svg = CliRun.of("summarize", part.toString(), "--format", "svg");
        assertTrue(svg.out().contains("1 prompt failed"), svg.out());

        Files.delete(part.resolve("_journal.jsonl"));
        CliRun failed = CliRun.of("summarize", part.toString(), "--format", "csv");
        assertEquals(6, failed.exitCode());
        assertEquals(part + " is not complete: 1 prompt failed. The summary is without them.\n", failed.err());

        Files.delete(part.resolve("_failures.jsonl"));
        CliRun whole = CliRun.of("summarize", part.toString(), "--format", "json");
        assertEquals(0, whole.exitCode(), whole.err());
        assertEquals("", whole.err());
        assertTrue(whole.out().contains("\"unfinished\":false,\"failed\":0"), whole.out());
    }

    @Test
    void aTableWithoutAPartYetIsRefused() throws IOException {
        Path begun = Files.createDirectory(folder.resolve("begun"));
        Files.writeString(begun.resolve("_journal.jsonl"), line("a", "result"));

        assertRefused(
                "has no part yet: the batch is unfinished, and 1 of its results are not in a part yet",
                CliRun.of("summarize", begun.toString()));
    }

    private static String line(String id, String outcome) {
        return "{\"id\":\"%s\",\"request\":\"%s\",\"%s\":{}}\n".formatted(id, "0123456789abcdef".repeat(2), outcome);
    }

    @Test
    void whatIsNotThereIsRefused() throws IOException {
        assertRefused("there is no column \"shade\"", summarize("position", "--group", "shade"));
        assertRefused("has lists, not single values", summarize("position", "--group", "entropy"));
        assertRefused("\"shade\" is not one of entropy", summarize("position", "--by", "shade"));
        assertRefused("is outside 0 .. 1", summarize("position", "--quantiles", "0.5,0.4"));
        assertRefused("is not a folder with the parts of a table", CliRun.of("summarize", folder.toString()));
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.copy(
                Path.of("src/test/resources/dev/stratalens/cli/corpus/zstd.parquet"),
                other.resolve("part-00000.parquet"));
        assertRefused("was not written by the command batch", CliRun.of("summarize", other.toString()));
    }

    @Test
    void whatIsNotFiniteIsLeftOut() throws Exception {
        Path odd = Files.createDirectory(folder.resolve("odd"));
        copy("CASE layer WHEN 0 THEN 'inf'::FLOAT WHEN 1 THEN 'nan'::FLOAT ELSE 7 END", "one", odd, 0);
        CliRun run = CliRun.of("summarize", odd.toString(), "--by", "entropy", "--format", "json");

        assertEquals(0, run.exitCode(), run.err());
        JsonObject group = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonArray("groups")
                .get(0)
                .getAsJsonObject();
        for (JsonElement layer : group.getAsJsonObject("measures").getAsJsonArray("entropy")) {
            int number = layer.getAsJsonObject().get("layer").getAsInt();
            assertTrue(number != 0 && number != 1, () -> "layer " + number);
            assertEquals(7, layer.getAsJsonObject().get("mean").getAsDouble());
        }
    }

    @Test
    void partsOfModelsWithOtherWeightsAreNotMixed() throws Exception {
        Path mixed = Files.createDirectory(folder.resolve("mixed"));
        copy("entropy", "one", mixed, 0);
        copy("entropy", "two", mixed, 1);

        assertRefused("is of another model or lens than the parts before it", CliRun.of("summarize", mixed.toString()));
    }

    /** Writes a part with other entropies, of a model with these weights. */
    private static void copy(String entropy, String weights, Path target, int part) throws SQLException {
        DuckDb.run(
                table("layer"),
                "COPY (SELECT * REPLACE (%s AS entropy) FROM TABLE) TO '%s/part-%05d.parquet' (FORMAT parquet, KV_METADATA {'stratalens.format': 'stratalens-table/1', 'stratalens.model': '{\"name\": \"any\", \"weights_fingerprint\": \"%s\"}'})"
                        .formatted(entropy, target, part, weights));
    }

    private static void assertRefused(String said, CliRun run) {
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(said), run.err());
    }

    private static CliRun summarize(String rows, String... more) {
        List<String> words = new ArrayList<>(List.of("summarize", table(rows).toString()));
        words.addAll(List.of(more));
        return CliRun.of(words.toArray(String[]::new));
    }
}
