package dev.stratalens.cli.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFolderTest {

    @TempDir
    Path folder;

    @Test
    void shardsOfASplitAreInOrder() throws IOException {
        make(
                "README.md",
                "dataset_infos.json",
                ".cache/train-00000-of-00001.parquet",
                "data/train-00001-of-00002.parquet",
                "data/train-00000-of-00002.parquet",
                "data/test-00000-of-00001-0a1b2c3d.parquet");

        assertEquals(
                List.of("data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"), shards("train"));
        assertEquals(List.of("data/test-00000-of-00001-0a1b2c3d.parquet"), shards("test"));
        refused("has the splits test, train; name one by --split", "");
        refused("--split validation", "validation");
    }

    @Test
    void namesOfFilesAndFoldersTellTheSplit() throws IOException {
        make("my-dev.jsonl", "eval/part.csv", "other.csv");

        assertEquals(List.of("my-dev.jsonl"), shards("validation"));
        assertEquals(List.of("eval/part.csv"), shards("test"));
        assertEquals(List.of("other.csv"), shards("train"));
    }

    @Test
    void oneSplitNeedsNoName() throws IOException {
        make("a.jsonl.gz", "b.jsonl.gz");

        assertEquals(List.of("a.jsonl.gz", "b.jsonl.gz"), shards(""));
    }

    @Test
    void whatIsNotClearIsRefused() throws IOException {
        refused("has no file that ends with .parquet, .csv, .tsv, .jsonl or .txt", "");
        make("a.jsonl", "b.csv");
        refused("several formats: csv, jsonl. Name one by --input-format", "");
    }

    @Test
    void aFormatLeavesOutLicensesAndNotes() throws IOException {
        make("LICENSE.txt", "data/test-00000-of-00001.parquet");

        assertEquals(List.of("data/test-00000-of-00001.parquet"), shards("", Optional.of(CorpusFormat.PARQUET)));
        assertEquals(List.of("LICENSE.txt"), shards("train", Optional.of(CorpusFormat.JSONL)));
    }

    @Test
    void configurationsAreNotMixed() throws IOException {
        make("de/train-00000-of-00001.parquet", "en/train-00000-of-00001.parquet");

        refused("several configurations or folders: de, en", "");
    }

    @Test
    void aShardThatIsMissingIsNamed() throws IOException {
        make("train-00000-of-00003.parquet", "train-00002-of-00003.parquet");

        refused("shard 00001 of 00003 is missing", "");
    }

    private void make(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }

    private List<String> shards(String split) throws IOException {
        return shards(split, Optional.empty());
    }

    private List<String> shards(String split, Optional<CorpusFormat> format) throws IOException {
        return DatasetFolder.shards(folder, format, Optional.of(split).filter(name -> !name.isEmpty())).stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }

    private void refused(String said, String split) {
        CliException e = assertThrows(CliException.class, () -> shards(split));
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }
}
