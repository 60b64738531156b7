package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read texts give the same for a dataset as for a file of its texts. */
class CorpusInputTest {

    private static final String MODEL = CliRun.TINY.toString();
    private static final List<String> TEXTS =
            List.of("hello world, the \"first\"", "you and hello", "world you you", "the in is and", "hello hello");

    @TempDir
    private static Path folder;

    private static String lines = "";
    private static String dataset = "";

    /** Two shards of Parquet, as a hub has them, written by another program. */
    @BeforeAll
    static void write() throws IOException, SQLException {
        lines = Files.writeString(folder.resolve("texts.txt"), String.join("\n", TEXTS))
                .toString();
        Path data = Files.createDirectories(folder.resolve("dataset/data"));
        dataset = folder.resolve("dataset").toString();
        Files.writeString(folder.resolve("dataset/README.md"), "A dataset.");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("CREATE TABLE texts (number INTEGER, content VARCHAR)");
            for (int i = 0; i < TEXTS.size(); i++) {
                statement.execute("INSERT INTO texts VALUES (%d, '%s')".formatted(100 + i, TEXTS.get(i)));
            }
            statement.execute("COPY (SELECT * FROM texts WHERE number < 103) TO '%s/train-00000-of-00002.parquet'"
                    .formatted(data));
            statement.execute("COPY (SELECT * FROM texts WHERE number >= 103) TO '%s/train-00001-of-00002.parquet'"
                    .formatted(data));
            statement.execute("COPY texts TO '%s/test-00000-of-00001.parquet'".formatted(data));
        }
    }

    @Test
    void aBatchOverADatasetHasItsRows() throws IOException {
        Path expected = folder.resolve("expected.jsonl");
        Path actual = folder.resolve("actual.jsonl");
        assertOk(CliRun.of("batch", lines, "--model", MODEL, "--output", expected.toString()));
        assertOk(CliRun.of(
                "batch",
                dataset,
                "--split",
                "train",
                "--text-column",
                "content",
                "--id-column",
                "number",
                "--model",
                MODEL,
                "--output",
                actual.toString()));

        Map<String, JsonObject> rows = BatchLines.read(actual);
        assertEquals(TEXTS.size(), rows.size());
        for (Map.Entry<String, JsonObject> line : BatchLines.read(expected).entrySet()) {
            String id = Integer.toString(99 + Integer.parseInt(line.getKey()));
            BatchLines.assertSameResult(line.getValue(), Objects.requireNonNull(rows.get(id)));
        }
    }

    /** Its README.md says which files make a configuration; one of them is an array of JSON. */
    @Test
    void aConfigurationHasTheFilesThatAreWrittenForIt() throws IOException {
        Path whole = folder.resolve("configured");
        Path configured = Files.createDirectories(whole.resolve("parts"));
        Files.writeString(whole.resolve("README.md"), """
                ---
                configs:
                - config_name: first
                  data_files: parts/b.json
                - config_name: all
                  data_files: [parts/b.json, 'parts/a*']
                ---
                """);
        Gson gson = new Gson();
        List<Map<String, String>> rows =
                TEXTS.stream().map(text -> Map.of("content", text)).toList();
        Files.writeString(configured.resolve("b.json"), gson.toJson(rows.subList(0, 2)));
        StringBuilder rest = new StringBuilder();
        rows.subList(2, TEXTS.size())
                .forEach(row -> rest.append(gson.toJson(row)).append('\n'));
        Files.writeString(configured.resolve("a.jsonl"), rest);
        Path expected = folder.resolve("of-lines.jsonl");
        Path actual = folder.resolve("of-configuration.jsonl");
        String[] words = {
            "batch",
            whole.toString(),
            "--text-column",
            "content",
            "--model",
            MODEL,
            "--output",
            actual.toString(),
            "--config",
            "all"
        };

        assertOk(CliRun.of("batch", lines, "--model", MODEL, "--output", expected.toString()));
        assertOk(CliRun.of(words));

        Map<String, JsonObject> written = BatchLines.read(actual);
        Map<String, JsonObject> wanted = BatchLines.read(expected);
        assertEquals(wanted.keySet(), written.keySet());
        for (Map.Entry<String, JsonObject> line : wanted.entrySet()) {
            BatchLines.assertSameResult(line.getValue(), Objects.requireNonNull(written.get(line.getKey())));
        }
        words[9] = "last";
        CliRun none = CliRun.of(words);
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("--config last: " + whole + " has first, all."), none.err());
    }

    @Test
    void wrongRowsAreNamedByTheirShard() {
        CliRun none = CliRun.of(
                "batch",
                dataset,
                "--model",
                MODEL,
                "--output",
                folder.resolve("a.jsonl").toString());
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("has the splits train, test; name one by --split"), none.err());
        CliRun text = CliRun.of(
                "batch",
                dataset,
                "--split",
                "train",
                "--model",
                MODEL,
                "--output",
                folder.resolve("a.jsonl").toString());
        assertEquals(2, text.exitCode());
        assertTrue(
                text.err()
                        .contains(
                                "train-00000-of-00002.parquet: there is no column \"text\"; there are number, content"),
                text.err());
        CliRun twice = CliRun.of(
                "batch",
                folder.resolve("dataset/data/test-00000-of-00001.parquet").toString(),
                "--text-column",
                "content",
                "--id-column",
                "content",
                "--type-column",
                "nothing",
                "--model",
                MODEL,
                "--output",
                folder.resolve("a.jsonl").toString());
        assertTrue(twice.err().contains("there is no column \"nothing\""), twice.err());
    }

    @Test
    void anEvaluationOfADatasetHasTheSameNumbers() {
        CliRun expected =
                assertOk(CliRun.of("eval", "corpus", lines, "--model", MODEL, "--format", "csv", "--in-flight", "1"));
        CliRun actual = assertOk(CliRun.of(
                "eval",
                "corpus",
                dataset,
                "--split",
                "train",
                "--text-column",
                "content",
                "--model",
                MODEL,
                "--format",
                "csv",
                "--in-flight",
                "1"));

        assertEquals(expected.out(), actual.out());
    }

    @Test
    void anEvaluationKnowsItsColumnsAndFilesAgain() {
        String sums = folder.resolve("sums.json").toString();
        String[] words = {
            "eval", "corpus", dataset, "--split", "test", "--text-column", "content", "--model", MODEL, "--sums", sums
        };
        assertOk(CliRun.of(words));
        assertOk(CliRun.of(words));
        words[4] = "train";
        CliRun other = CliRun.of(words);
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("has the sums of another file"), other.err());
    }

    @Test
    void aLensIsFittedOnTheFirstDocumentsOfADataset() throws IOException {
        Path texts = Files.writeString(folder.resolve("few.txt"), String.join("\n", TEXTS.subList(0, 4)));
        String[] common = {
            "--kind", "tuned", "--model", MODEL, "--steps", "2", "--tokens-per-step", "8", "--held-out", "4"
        };
        Path expected = folder.resolve("expected-lens");
        Path actual = folder.resolve("actual-lens");
        assertOk(fit(common, "--text", texts.toString(), "--output", expected.toString()));
        assertOk(fit(
                common,
                "--text",
                dataset,
                "--split",
                "train",
                "--text-column",
                "content",
                "--documents",
                "4",
                "--output",
                actual.toString()));

        assertEquals(-1, Files.mismatch(expected.resolve("lens.safetensors"), actual.resolve("lens.safetensors")));
    }

    private static CliRun fit(String[] common, String... more) {
        List<String> words = new ArrayList<>(List.of("lens", "fit"));
        words.addAll(List.of(common));
        words.addAll(List.of(more));
        return CliRun.of(words.toArray(String[]::new));
    }

    private static CliRun assertOk(CliRun run) {
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }
}
