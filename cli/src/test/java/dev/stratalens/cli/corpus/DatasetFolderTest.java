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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        refused("has the splits train, test; name one by --split", "");
        refused("--split validation", "validation");
    }

    @Test
    void oneSplitNeedsNoName() throws IOException {
        make("a.jsonl.gz", "b.jsonl.gz");

        assertEquals(List.of("a.jsonl.gz", "b.jsonl.gz"), shards(""));
    }

    @Test
    void whatIsNotClearIsRefused() throws IOException {
        refused("has no file that ends with .parquet, .csv, .tsv, .jsonl, .json or .txt", "");
        make("a.jsonl", "b.csv");
        refused("several formats: jsonl, csv. Name one by --input-format", "");
    }

    @Test
    void aFormatLeavesOutLicensesAndNotes() throws IOException {
        make("LICENSE.txt", "rows.parquet", "more.zip");

        assertEquals(List.of("rows.parquet"), shards("", Optional.of(CorpusFormat.PARQUET)));
        assertEquals(List.of("LICENSE.txt", "rows.parquet"), shards("train", Optional.of(CorpusFormat.JSONL)));
        refused("more.zip is in a form that is not read", "");
    }

    @Test
    void filesThatAreCompressedInAnotherWayAreNotLeftOut() throws IOException {
        make("a.csv", "b.csv.xz");

        refused("b.csv.xz is in a form that is not read", "");
    }

    @Test
    void configurationsAreNotMixed() throws IOException {
        make("de/train-00000-of-00001.parquet", "en/train-00000-of-00001.parquet");

        refused("train-00000-of-00001.parquet in several folders, as configurations have: de, en", "");
    }

    @Test
    void aShardThatIsMissingIsNamed() throws IOException {
        make("train-00000-of-00003.parquet", "train-00002-of-00003.parquet");

        refused("shard 00001 of 00003 is missing of " + folder.resolve("train-*-of-00003"), "");
    }

    @Test
    void shardsThatAPatternTakesAreAllThere() throws IOException {
        readme(
                "configs:",
                "- {config_name: all, data_files: 'train-*'}",
                "- {config_name: some, data_files: 'train-0000[0-1]-*'}");
        make("train-00000-of-00003.parquet", "train-00001-of-00003.parquet");

        refused("shard 00002 of 00003 is missing", select("all"));
        assertEquals(2, files(select("some")).size());
    }

    @Test
    void aPatternThatMatchesNothingIsNamed() throws IOException {
        readme("configs:", "- {config_name: a, data_files: [a.csv, 'b*.csv']}");
        make("a.csv");

        refused("\"b*.csv\" of the split \"train\" matches no file that is read", select(""));
    }

    @Test
    void filesOfConfigurationsMayHaveTheSameNames() throws IOException {
        readme("configs:", "- {config_name: a, data_files: '*/a.csv'}");
        make("x/a.csv", "y/a.csv");

        assertEquals(List.of("x/a.csv", "y/a.csv"), files(select("")));
    }

    @Test
    void aSeparatorSaysHowValuesAreSeparated() throws IOException {
        readme(
                "configs:",
                "- {config_name: a, data_files: a.csv, sep: \"\\t\"}",
                "- {config_name: b, data_files: a.csv, sep: ','}");
        make("a.csv");

        assertEquals(CorpusFormat.TSV, Corpus.of(folder, select("a")).format());
        assertEquals(CorpusFormat.CSV, Corpus.of(folder, select("b")).format());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data_files: ../a.csv | is not a path of files below the folder",
                "data_files: /etc/passwd | is not a path of files below the folder",
                "data_files: 'https://example.org/a.csv' | Fetch the files",
                "data_files: 'zip://a.csv::b.zip' | Fetch the files",
                "data_dir: .. | is not a path of files below the folder",
                "data_dir: a*  | name one folder",
                "data_dir: none | is not there",
                "field: rows | \"field\" is not understood",
                "sep: ';' | sep \";\" is not read",
                "default: yes | write true or false",
                "data_files: '**.csv' | ** stands for folders",
                "data_files: {train: a.csv} | data_files is neither a path",
                "data_files: [{split: a b, path: a.csv}] | splits have letters",
                "data_files: [{split: train, path: [1]}] | data_files is neither a path"
            })
    void whatIsNotUnderstoodIsNamed(String part, String said) throws IOException {
        readme("configs:", "- config_name: de", "  " + part);
        make("a.csv");

        refused(said, select(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "configs: {a: 1} | configs is not a list",
                "configs: [{data_files: a.csv}] | has no config_name",
                "configs: [{config_name: 2020}] | quotes around a number",
                "configs: [{config_name: a}, {config_name: a}] | has \"a\" twice",
                "configs: [{config_name: a, default: true}, {config_name: default}] | several defaults: a, default",
                "configs: [ | cannot be read",
                "word | is not a mapping"
            })
    void aHeadThatIsNotUnderstoodIsRefused(String head, String said) throws IOException {
        readme(head);
        make("a.csv");

        refused(said, select(""));
    }

    @Test
    void deepAndLongHeadsAreRefused() throws IOException {
        make("a.csv");
        readme("[".repeat(500_000));
        refused("cannot be read", select(""));
        readme("a: &a [1]", "b: [" + "*a, ".repeat(60) + "1]");
        refused("cannot be read", select(""));
        readme("a: " + "b".repeat(17 << 20));
        refused("is larger than 16 MiB", select(""));
    }

    @Test
    void configurationsAreChosenByName() throws IOException {
        readme("configs:", "- {config_name: de, data_dir: de}", "- {config_name: en, data_dir: en}");
        make("de/train.csv", "en/train.csv", "en/test.csv");

        assertEquals(List.of("train.csv"), files(select("de")));
        refused("has the configurations de, en; name one by --config", select(""));
        refused("--config fr: " + folder + " has de, en", select("fr"));
        refused("has the splits train, test; name one by --split", select("en"));
    }

    @Test
    void aFolderWithoutConfigurationsHasNone() throws IOException {
        make("a.csv");

        refused("has no configurations; leave it out", select("de"));
    }

    private void readme(String... lines) throws IOException {
        Files.writeString(folder.resolve("README.md"), "---\n" + String.join("\n", lines) + "\n---\n# Data\n");
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
        return files(new CorpusSelection(
                format, Optional.empty(), Optional.empty(), Optional.of(split).filter(name -> !name.isEmpty())));
    }

    private static CorpusSelection select(String config) {
        return new CorpusSelection(
                Optional.empty(),
                Optional.empty(),
                Optional.of(config).filter(name -> !name.isEmpty()),
                Optional.empty());
    }

    private List<String> files(CorpusSelection selection) throws IOException {
        Corpus corpus = Corpus.of(folder, selection);
        Path below = folder.resolve(selection
                .config()
                .filter(name -> Files.isDirectory(folder.resolve(name)))
                .orElse(""));
        return corpus.files().stream()
                .map(file -> below.relativize(file).toString())
                .toList();
    }

    private void refused(String said, String split) {
        CliException e = assertThrows(CliException.class, () -> shards(split));
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }

    private void refused(String said, CorpusSelection selection) {
        CliException e = assertThrows(CliException.class, () -> files(selection));
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }
}
