package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code batch} into Parquet, from the arguments to what DuckDB reads. */
class TableTest {

    private static final String MODEL = CliRun.TINY.toString();
    private static final double TOLERANCE = 1e-4;
    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");

    private static final String PROMPTS = """
            {"id": "own", "type": "facts", "text": "hello world", "top_k": 2, "layers": "last", "positions": "0,last", "targets": ["id:7"], "stats": "none"}
            {"id": "plain", "text": "hello world you"}
            {"id": "two targets", "type": "facts", "text": "hello", "targets": ["next", "final-top"]}
            {"id": "ids", "token_ids": [5, 6, 7, 8], "positions": "last"}
            """;

    private static final String EACH_CELL = """
            SELECT id, position, unnest(layer), unnest(site), unnest(entropy), unnest(kl_from_final), unnest(top_ids),
                unnest(top_log_probs), unnest(target_ranks), unnest(target_log_probs) FROM TABLE""";

    @TempDir
    private static Path shared;

    private static Path results = Path.of("");

    @TempDir
    Path folder;

    @BeforeAll
    static void runWithoutATable() throws IOException {
        Files.writeString(shared.resolve("prompts.jsonl"), PROMPTS);
        results = shared.resolve("results.jsonl");
        CliRun run = run(results, "--top-k", "3", "--embedding");
        assertEquals(0, run.exitCode(), run.err());
    }

    @Test
    void aRowOfAPositionHasListsOverLayers() throws Exception {
        Path table = table("--top-k", "3", "--embedding");

        assertSame(cellsOfResults(), DuckDb.query(table, EACH_CELL));
    }

    @Test
    void aRowOfALayerHasItsNumbers() throws Exception {
        Path table = table("--top-k", "3", "--embedding", "--rows", "layer");

        assertSame(cellsOfResults(), DuckDb.query(table, EACH_CELL.replace("unnest", "")));
    }

    @Test
    void whatBelongsToAPositionIsThere() throws Exception {
        Path table = table("--top-k", "3", "--embedding");

        for (List<String> row : DuckDb.query(
                table,
                "SELECT id, position, type, lens, token_id, token, final_id, final_token, crystallization_layer, targets,"
                        + " target_ids, request FROM TABLE")) {
            LensResult result = result(row.get(0));
            int position = Integer.parseInt(row.get(1));
            Prediction last = result.finalTop(position);
            OptionalInt since = result.crystallizationLayer(position);
            List<String> targets = new ArrayList<>();
            List<String> ids = new ArrayList<>();
            result.targets().forEach(target -> {
                OptionalInt id = result.targetToken(target.target(), position);
                ids.add(id.isPresent() ? "" + id.getAsInt() : "null");
                targets.add(
                        target.target() instanceof LensTarget.TokenId token
                                ? "id:" + token.id()
                                : target.target().dependsOnPosition()
                                                && target.target().equals(LensTarget.nextToken())
                                        ? "next"
                                        : "final-top");
            });
            assertEquals(
                    List.of(
                            row.get(0).equals("own") || row.get(0).equals("two targets") ? "facts" : "null",
                            "logit",
                            "" + result.tokens().get(position).token().id(),
                            result.tokens().get(position).token().text(),
                            "" + last.token().id(),
                            last.token().text(),
                            since.isPresent() ? "" + since.getAsInt() : "null",
                            "[" + String.join(", ", targets) + "]",
                            "[" + String.join(", ", ids) + "]",
                            line(row.get(0)).get("request").getAsString()),
                    row.subList(2, row.size()));
        }
    }

    @Test
    void aTableSaysOfWhichModelTokenizerAndLensesItIs() throws Exception {
        Path table = table();
        JsonObject model = fact(table, "stratalens.model").getAsJsonObject();
        Path copy = copyOfTheModel();
        Path other = folder.resolve("other.parquet");
        Files.write(
                copy.resolve("tokenizer.json"),
                (Files.readString(copy.resolve("tokenizer.json")) + "\n").getBytes(StandardCharsets.UTF_8));
        assertEquals(0, run(other, "--model", copy.toString()).exitCode());
        JsonObject changed = fact(other, "stratalens.model").getAsJsonObject();

        assertEquals("gpt2", model.get("architecture").getAsString());
        assertTrue(model.get("weights_fingerprint").getAsString().matches("[0-9a-f]{64}"), model.toString());
        assertEquals(model.get("weights_fingerprint"), changed.get("weights_fingerprint"));
        assertTrue(model.get("tokenizer_digest").getAsString().matches("[0-9a-f]{64}"), model.toString());
        assertFalse(model.get("tokenizer_digest").equals(changed.get("tokenizer_digest")), "another tokenizer");
        assertEquals(0, fact(table, "stratalens.lenses").getAsJsonArray().size());
    }

    @Test
    void aTableIsNotContinuedWithAnotherTokenizerUnderTheSameName() throws Exception {
        Path table = folder.resolve("changed.parquet");
        Path copy = copyOfTheModel();
        assertEquals(0, run(table, "--model", copy.toString()).exitCode());
        Path tokenizer = copy.resolve("tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer) + "\n");

        assertRefused("or a model with another name, weights, tokenizer", run(table, "--model", copy.toString()));
        Path others = Files.writeString(folder.resolve("others.txt"), "of another prompt");
        assertRefused(
                "of a model with other weights, tokenizer or lenses",
                CliRun.of("batch", others.toString(), "--model", copy.toString(), "--output", table.toString()));
    }

    private static JsonElement fact(Path table, String key) throws SQLException {
        return JsonParser.parseString(DuckDb.value(
                table,
                "SELECT decode(value) FROM parquet_kv_metadata('%s/part-00000.parquet') WHERE decode(key) = '%s'"
                        .formatted(table, key)));
    }

    private Path copyOfTheModel() throws IOException {
        Path copy = Files.createDirectory(folder.resolve(CliRun.TINY.getFileName()));
        try (Stream<Path> files = Files.list(CliRun.TINY)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void columnsCanBeLeftOut() throws Exception {
        Path table = table("--leave-out", "top_tokens,token,log_sum_exp");

        List<String> columns = DuckDb.query(table, "DESCRIBE SELECT * FROM TABLE").stream()
                .map(row -> row.get(0))
                .toList();
        assertTrue(columns.contains("top_ids") && columns.contains("entropy"), columns::toString);
        assertFalse(
                columns.contains("top_tokens") || columns.contains("token") || columns.contains("log_sum_exp"),
                columns::toString);
        assertEquals(2, run(table, "--leave-out", "layer").exitCode());
        CliRun none = run(table, "--leave-out", "shade");
        assertTrue(none.err().contains("there is no column \"shade\"; there are id, request, type"), none.err());
    }

    @Test
    void partsAreOfBoundedSizeAndAPromptIsInOne() throws Exception {
        Path table = table("--part-size", "0.000001");

        assertEquals(
                List.of("part-00000.parquet", "part-00001.parquet", "part-00002.parquet", "part-00003.parquet"),
                names(table));
        assertEquals(
                "4",
                DuckDb.value(
                        table,
                        "SELECT count(*) FROM (SELECT id FROM read_parquet('%s/*.parquet', filename = true) GROUP BY id HAVING count(DISTINCT filename) = 1)"
                                .formatted(table)));
    }

    @Test
    void aTableThatIsWholeStaysAsItIs() throws Exception {
        Path table = table();
        byte[] before = Files.readAllBytes(table.resolve("part-00000.parquet"));
        CliRun again = run(table);

        assertEquals(0, again.exitCode(), again.err());
        assertFalse(again.out().contains("Computed now"), again.out());
        assertEquals(List.of("part-00000.parquet"), names(table));
        assertTrue(Arrays.equals(before, Files.readAllBytes(table.resolve("part-00000.parquet"))));
    }

    /** As killed programs leave it: before anything was published, and between publishing and emptying the journal. */
    @Test
    void whatWasOnlyInTheJournalIsWrittenAndWhatIsInBothIsNotDoubled() throws Exception {
        Path whole = table("--top-k", "3", "--embedding");
        Path table = Files.createDirectory(folder.resolve("killed.parquet"));
        List<String> lines = Files.readAllLines(results);
        Files.writeString(
                table.resolve("_journal.jsonl"),
                lines.get(0) + "\n" + lines.get(1) + "\n" + lines.get(2).substring(0, 300));
        Files.writeString(table.resolve("_part.parquet"), "PAR1 that was broken off");
        CliRun first = run(table, "--top-k", "3", "--embedding");
        assertEquals(0, first.exitCode(), first.err());
        assertTrue(first.out().contains("Computed now: 2 in "), first.out());
        assertEquals(List.of("part-00000.parquet"), names(table));
        Files.writeString(table.resolve("_journal.jsonl"), lines.get(0) + "\n" + lines.get(3) + "\n");
        CliRun second = run(table, "--top-k", "3", "--embedding");
        assertEquals(0, second.exitCode(), second.err());

        assertEquals(List.of("part-00000.parquet"), names(table));
        String everything = "SELECT * FROM TABLE ORDER BY id, position";
        assertSame(DuckDb.query(whole, everything), DuckDb.query(table, everything));
        assertSame(cellsOfResults(), DuckDb.query(table, EACH_CELL));
    }

    @Test
    void promptsThatFailAreBesideTheTable() throws Exception {
        Files.writeString(
                folder.resolve("bad.jsonl"),
                "{\"id\":\"bad\",\"token_ids\":[999999]}\n{\"id\":\"good\",\"text\":\"hello\"}");
        Path table = folder.resolve("table.parquet");
        String[] words = {
            "batch", folder.resolve("bad.jsonl").toString(), "--model", MODEL, "--output", table.toString()
        };
        CliRun run = CliRun.of(words);
        assertEquals(6, run.exitCode(), run.err());
        assertEquals(List.of("_failures.jsonl", "part-00000.parquet"), names(table));
        assertEquals("good", DuckDb.value(table, "SELECT DISTINCT id FROM TABLE"));

        CliRun again = CliRun.of(words);
        assertEquals(6, again.exitCode(), again.err());
        assertFalse(again.out().contains("Computed now"), again.out());
        List<String> retry = new ArrayList<>(List.of(words));
        retry.add("--retry-failed");
        CliRun retried = CliRun.of(retry.toArray(String[]::new));
        assertTrue(retried.out().contains("Computed now: 1 in"), retried.out());
        assertEquals(List.of("_failures.jsonl", "part-00000.parquet"), names(table));
    }

    @Test
    void somethingElseThanTheEarlierRunIsRefused() throws Exception {
        Path table = table();
        assertRefused("other rows or columns", run(table, "--rows", "layer"));
        assertRefused("other rows or columns", run(table, "--leave-out", "token"));
        assertRefused("of another prompt, other options, or a model", run(table, "--top-k", "4"));
        assertRefused("for Parquet", run(folder.resolve("a.jsonl"), "--rows", "layer"));
        Files.writeString(table.resolve("notes.txt"), "mine");
        assertRefused("notes.txt, which is no part of a table", run(table));
        Files.delete(table.resolve("notes.txt"));
        Files.move(table.resolve("part-00000.parquet"), table.resolve("part-00001.parquet"));
        assertRefused("without the parts before it", run(table));
        Files.writeString(table.resolve("part-00000.parquet"), "PAR1");
        assertRefused("is not a Parquet file", run(table));
    }

    private static void assertRefused(String said, CliRun run) {
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(said), run.err());
    }

    private Path table(String... more) {
        Path table = folder.resolve("table.parquet");
        CliRun run = run(table, more);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("4 of 4 prompts are in "), run.out());
        return table;
    }

    private static CliRun run(Path output, String... more) {
        List<String> words =
                new ArrayList<>(List.of("batch", shared.resolve("prompts.jsonl").toString()));
        if (!List.of(more).contains("--model")) {
            words.addAll(List.of("--model", MODEL));
        }
        words.addAll(List.of("--output", output.toString()));
        words.addAll(List.of(more));
        return CliRun.of(words.toArray(String[]::new));
    }

    private static List<String> names(Path table) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static LensResult result(String id) throws IOException {
        return BatchLines.result(line(id));
    }

    private static JsonObject line(String id) throws IOException {
        return Objects.requireNonNull(BatchLines.read(results).get(id), id);
    }

    /** The cells of all results, as {@link #EACH_CELL} gives those of a table. */
    private static List<List<String>> cellsOfResults() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (JsonObject line : new TreeMap<>(BatchLines.read(results)).values()) {
            LensResult result = BatchLines.result(line);
            for (int position : result.positions()) {
                for (int layer : result.layers()) {
                    rows.add(cell(line.get("id").getAsString(), result, layer, position));
                }
            }
        }
        return rows;
    }

    private static List<String> cell(String id, LensResult result, int layer, int position) {
        List<Prediction> top = result.topK(layer, position);
        return List.of(
                id,
                "" + position,
                "" + layer,
                layer < 0 ? "embedding" : "block_output",
                text(result.statistic(Statistic.ENTROPY, layer, position)),
                text(result.statistic(Statistic.KL_FROM_FINAL, layer, position)),
                top.stream().map(each -> each.token().id()).toList().toString(),
                top.stream().map(Prediction::logProb).toList().toString(),
                result.targets().stream()
                        .map(each -> result.rank(each.target(), layer, position))
                        .map(rank -> rank.isPresent() ? "" + rank.getAsInt() : "null")
                        .toList()
                        .toString(),
                result.targets().stream()
                        .map(each -> text(result.targetLogProb(each.target(), layer, position)))
                        .toList()
                        .toString());
    }

    private static String text(OptionalDouble number) {
        return number.isPresent() ? "" + (float) number.getAsDouble() : "null";
    }

    /** The same rows in any order. Which prompts were computed together shows in the last digits of numbers. */
    private static void assertSame(List<List<String>> expected, List<List<String>> actual) {
        List<String> wanted = sorted(expected);
        List<String> found = sorted(actual);
        assertEquals(wanted.size(), found.size());
        for (int i = 0; i < wanted.size(); i++) {
            String row = found.get(i);
            assertEquals(
                    NUMBER.matcher(wanted.get(i)).replaceAll("#"),
                    NUMBER.matcher(row).replaceAll("#"));
            List<Double> numbers = numbers(row);
            assertArrayEquals(doubles(numbers(wanted.get(i))), doubles(numbers), TOLERANCE, row);
        }
    }

    private static List<String> sorted(List<List<String>> rows) {
        return rows.stream()
                .sorted(Comparator.comparing(row -> row.subList(0, 4).toString()))
                .map(Object::toString)
                .toList();
    }

    private static List<Double> numbers(String row) {
        return NUMBER.matcher(row)
                .results()
                .map(found -> Double.valueOf(found.group()))
                .toList();
    }

    private static double[] doubles(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
