package dev.stratalens.cli.corpus;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Every description of a dataset, and every file of JSON, is read or ends the command with a message. */
@Timeout(60)
final class DatasetFuzzTest {

    @TempDir
    private static Path directory;

    private static Path dataset = Path.of("");

    @BeforeAll
    static void writeFiles() throws IOException {
        dataset = directory.resolve("dataset");
        for (String file : List.of("data/train-00000-of-00001.jsonl", "data/test.jsonl", "en/dev.jsonl")) {
            Path path = dataset.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "\"a\"\n");
        }
        Files.writeString(directory.resolve("outside.jsonl"), "\"no part of it\"\n");
    }

    @MethodSource
    @FuzzTest
    void descriptions(byte[] bytes) throws IOException {
        Files.write(dataset.resolve("README.md"), bytes);
        try {
            for (Path file : Corpus.of(dataset, CorpusSelection.BY_NAME).files()) {
                assertTrue(file.toRealPath().startsWith(dataset.toRealPath()), file::toString);
            }
        } catch (CliException e) {
            requireText(e);
        }
    }

    static Stream<byte[]> descriptions() {
        return Stream.of(
                        "# No head\n",
                        "---\nlicense: mit\n---\n",
                        """
                        ---
                        configs:
                        - config_name: default
                          data_files:
                          - split: train
                            path: data/train-*
                          - split: test
                            path: ["data/[st]est.jsonl", "**/dev.{json,jsonl}"]
                        - config_name: en
                          data_dir: en
                          default: true
                        dataset_info:
                        - config_name: en
                        ---
                        """,
                        "---\nconfigs:\n- config_name: a\n  data_files: \"../outside.jsonl\"\n---\n",
                        "---\na: &a [1]\nb: &b [*a, *a]\nconfigs: *b\n---\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource
    @FuzzTest
    void rows(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("rows.json"), bytes);
        try (CorpusReader reader = new Corpus(List.of(file), CorpusFormat.JSONL, CorpusColumns.TEXT).open()) {
            int most = bytes.length + 2;
            while (most-- > 0) {
                try {
                    if (reader.next() == null) {
                        return;
                    }
                } catch (CliException e) {
                    requireText(e);
                }
            }
            throw new AssertionError("it does not end");
        }
    }

    static Stream<byte[]> rows() {
        return Stream.of(
                        "{\"text\": \"a\"}\n\"b\"\n\n{\"text\": null}\n",
                        "[{\"text\": \"a\", \"b\": {\"c\": [1, 2.5e3]}},\n \"b\", null]",
                        "\uFEFF [\"\\ud83d\\ude00\", [",
                        "[{\"text\": 1}, {\"text\": \"c\"}] x")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static void requireText(CliException failure) {
        if (failure.getMessage().isBlank()) {
            throw new AssertionError("a failure that says nothing", failure);
        }
    }
}
