package dev.stratalens.cli.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusTest {

    private static final Path RECORDED = Path.of("src/test/resources/dev/stratalens/cli/corpus");

    private static final CorpusColumns ALL =
            new CorpusColumns("text", Optional.of("number"), Optional.of("name"), Optional.empty());

    private static final List<String> ROWS =
            List.of("1 7 a The capital of France is Paris.", "4 10 d Größe: 5 µm", "5 11 e one\ntwo");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "lz4", "pages-2"})
    void parquetOfOtherWritersIsReadHoweverItIsCompressed(String name) throws IOException {
        assertEquals(ROWS, rows(RECORDED.resolve(name + ".parquet"), ALL));
    }

    @Test
    void everyFormatGivesTheSameRows() throws IOException {
        Path csv = Files.writeString(
                folder.resolve("a.csv"),
                "\uFEFFnumber,text,name\r\n7,The capital of France is Paris.,a\r\n8,,b\r\n9,\"\",c\r\n10,\"Größe: 5 µm\",d\r\n11,\"one\ntwo\",e");
        Path jsonl = Files.writeString(folder.resolve("a.jsonl"), """
                {"number": 7, "name": "a", "text": "The capital of France is Paris."}
                {"number": 8, "name": "b", "text": "  "}
                {"number": 9, "name": "c", "text": null, "other": [1, {"x": 2}]}
                {"number": 10, "name": "d", "text": "Gr\\u00f6ße: 5 µm"}
                {"number": 11, "name": "e", "text": "one\\ntwo"}
                """);

        assertEquals(ROWS, rows(csv, ALL));
        assertEquals(ROWS, rows(jsonl, ALL));
    }

    @Test
    void anArrayGivesTheSameRows() throws IOException {
        String array = """
                 [{"number": 7, "name": "a", "text": "The capital of France is Paris."},
                 {"number": 8, "name": "b", "text": "  "}, {"number": 9, "name": "c", "text": null, "other": [1, {"x": 2}]},
                 {
                   "number": 10,
                   "name": "d", "text": "Gr\\u00f6ße: 5 µm"
                 }, {"number": 11, "name": "e", "text": "one\\ntwo"}]
                """;
        Path json = Files.writeString(folder.resolve("a.json"), "\uFEFF\n" + array);
        Path zstd = folder.resolve("b.json.zst");
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
            out.write(array.getBytes(StandardCharsets.UTF_8));
        }

        assertEquals(ROWS, rows(json, ALL));
        assertEquals(ROWS, rows(zstd, ALL));
    }

    @Test
    void arraysMayHaveStringsAndFilesOfThatNameLines() throws IOException {
        Path strings = Files.writeString(folder.resolve("a.json"), "[\"one\", \"two\"]");
        Path lines = Files.writeString(folder.resolve("b.json"), "{\"text\": \"one\"}\n{\"text\": \"two\"}\n");
        Path none = Files.writeString(folder.resolve("c.json"), "[]");

        assertEquals(List.of("1 - - one", "2 - - two"), rows(strings, CorpusColumns.TEXT));
        assertEquals(List.of("1 - - one", "2 - - two"), rows(lines, CorpusColumns.TEXT));
        assertEquals(List.of(), rows(none, CorpusColumns.TEXT));
    }

    @Test
    void anElementOfAnotherFormIsRefusedAndTheNextOneRead() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "[\"one\", {\"words\": 2}, 3, \"four\"]");
        try (CorpusReader reader = corpus(file, CorpusColumns.TEXT).open()) {
            assertEquals("one", text(reader));
            for (int element : List.of(2, 3)) {
                assertThrows(CliException.class, reader::next);
                assertEquals("a.json, row " + element, reader.place());
            }
            assertEquals("four", text(reader));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"one\", {\"text\": \"tw | row 2",
                "[\"one\" \"two\"] | row 2",
                "[\"one\"] [] | row 2",
                "[\"one\", | row 2",
                "[one] | row 1"
            })
    void aBrokenArrayEndsWhereItBreaks(String json, String place) throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), json);

        List<String> read = new ArrayList<>();
        try (CorpusReader reader = corpus(file, CorpusColumns.TEXT).open()) {
            CliException e = assertThrows(CliException.class, () -> {
                for (CorpusRow row = reader.next(); row != null; row = reader.next()) {
                    read.add(row.text());
                }
            });
            assertTrue(e.getMessage().contains("not an element of a JSON array"), e.getMessage());
            assertEquals("a.json, " + place, reader.place());
            assertEquals(null, reader.next());
        }
        assertEquals(place.equals("row 1") ? List.of() : List.of("one"), read);
    }

    @Test
    void valuesMayBeSeparatedByTabs() throws IOException {
        Path file =
                Files.writeString(folder.resolve("a.tsv"), "number\ttext\tname\n7\tone, two\ttwo\n8\t\"a\tb\"\tc\n");

        assertEquals(List.of("1 7 two one, two", "2 8 c a\tb"), rows(file, ALL));
    }

    @Test
    void compressedFilesAreReadByTheirEndings() throws IOException {
        byte[] text = "one\n\ntwo\n".getBytes(StandardCharsets.UTF_8);
        Path gzip = folder.resolve("a.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(text);
        }
        Path zstd = folder.resolve("a.txt.zst");
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
            out.write(text);
        }

        assertEquals(List.of("1 - - one", "3 - - two"), rows(gzip, CorpusColumns.TEXT));
        assertEquals(List.of("1 - - one", "3 - - two"), rows(zstd, CorpusColumns.TEXT));
    }

    @ParameterizedTest
    @ValueSource(strings = {".gz", ".zst"})
    void aCompressedFileThatWasCutIsRefused(String ending) throws IOException {
        Path whole = folder.resolve("whole");
        try (OutputStream file = Files.newOutputStream(whole);
                OutputStream out = ending.equals(".gz") ? new GZIPOutputStream(file) : new ZstdOutputStream(file)) {
            for (int i = 0; i < 10_000; i++) {
                out.write((i + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("a.txt" + ending);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));

        refused("a.txt" + ending + " cannot be decompressed", cut, CorpusColumns.TEXT);
    }

    @Test
    void jsonLinesMayBeStrings() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "\"one\\n1\"\n{\"id\": 4, \"text\": \"two\"}\n");

        assertEquals(List.of("1 - - one\n1", "2 - - two"), rows(file, CorpusColumns.TEXT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\": \"x\"}",
                "{\"text\": [4]}",
                "[\"x\"]",
                "4",
                "{",
                "\"x\" 4",
                "{\"text\": \"ab\\ud83d\"}"
            })
    void aLineOfAnotherFormIsRefusedAndTheNextOneRead(String line) throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "\"one\"\n" + line + "\n\"three\"\n");

        try (CorpusReader reader = corpus(file, CorpusColumns.TEXT).open()) {
            assertEquals("one", text(reader));
            assertThrows(CliException.class, reader::next);
            assertEquals("a.jsonl, row 2", reader.place());
            assertEquals("three", text(reader));
            assertEquals(null, reader.next());
        }
    }

    /** A line feed, both, or a carriage return alone, as spreadsheets of a Mac write it. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void linesOfCsvEndAsOnAnySystem(String end) throws IOException {
        Path file = Files.writeString(
                folder.resolve("a.csv"), String.join(end, "id,text", "1,one", "", "2,\"two\"", "3,\"a\"b", "4,four"));

        try (CorpusReader reader = corpus(file, CorpusColumns.TEXT).open()) {
            assertEquals("one", text(reader));
            assertEquals("two", text(reader));
            assertThrows(CliException.class, reader::next);
            assertEquals("four", text(reader));
            assertEquals(null, reader.next());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b\\n1,2            | there is no column \"text\", or two of them; the first line has a, b",
                "text,text\\n1,2      | there is no column \"text\", or two of them",
                "id;text\\n1;a         | the first line has id;text. Values are separated by commas, or by tabs",
                "''                    | the first line has nothing",
                "text,b\\n1           | the first line has 2 names, and this row 1",
                "text\\na\"b          | a quote stands within a value",
                "text\\n\"a\"b        | something follows a closing quote",
                "text\\n\"a           | a quote is not closed before the end",
            })
    void brokenCsvIsRefused(String csv, String said) throws IOException {
        refused(said, Files.writeString(folder.resolve("a.csv"), csv.replace("\\n", "\n")), CorpusColumns.TEXT);
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        refused(
                "not UTF-8",
                Files.write(folder.resolve("a.txt"), new byte[] {'a', (byte) 0xFF, '\n'}),
                CorpusColumns.TEXT);
        refused(
                "not UTF-8",
                Files.write(folder.resolve("a.csv"), new byte[] {'t', 'e', 'x', 't', '\n', (byte) 0xFF}),
                CorpusColumns.TEXT);
    }

    @Test
    void whatIsNoTextColumnIsRefusedByName() throws IOException {
        Path file = RECORDED.resolve("snappy.parquet");

        refused("there is no column \"content\"; there are text, name, number, tags, deep", file, column("content"));
        refused("column \"tags\" has lists, not single values", file, column("tags"));
        refused("column \"deep\" is neither plain values nor a list", file, column("deep"));
        assertEquals("snappy.parquet", refusedAt(file, column("tags")));
        assertEquals("brotli.parquet", refusedAt(RECORDED.resolve("brotli.parquet"), CorpusColumns.TEXT));
        refused(
                "is compressed by [BROTLI], which is not read here",
                RECORDED.resolve("brotli.parquet"),
                CorpusColumns.TEXT);
        refused("is not a Parquet file", Files.writeString(folder.resolve("a.parquet"), "PAR1 no"), CorpusColumns.TEXT);
    }

    @Test
    void aTextWithoutItsIdIsRefused() throws IOException {
        CorpusColumns byTitle = new CorpusColumns("text", Optional.of("title"), Optional.empty(), Optional.empty());
        Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"x\", \"title\": null}");

        refused("column \"title\" has no id here", file, byTitle);
    }

    @Test
    void aTextFileHasNoColumns() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "x");

        CliException e = assertThrows(CliException.class, () -> corpus(file, column("content")));
        assertTrue(e.getMessage().contains("no columns"), e.getMessage());
    }

    /** Where a reader says that it stopped; a fault of the whole file is not one of a row. */
    private static String refusedAt(Path file, CorpusColumns columns) throws IOException {
        try (CorpusReader reader = corpus(file, columns).open()) {
            assertThrows(CliException.class, reader::next);
            String place = reader.place();
            assertEquals(null, reader.next());
            return place;
        }
    }

    private static CorpusColumns column(String name) {
        return new CorpusColumns(name, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Corpus corpus(Path path, CorpusColumns columns) throws IOException {
        return Corpus.of(
                path, new CorpusSelection(Optional.empty(), Optional.of(columns), Optional.empty(), Optional.empty()));
    }

    private static String text(CorpusReader reader) throws IOException {
        CorpusRow row = reader.next();
        return row == null ? "none" : row.text();
    }

    private static List<String> rows(Path path, CorpusColumns columns) throws IOException {
        List<String> rows = new ArrayList<>();
        try (CorpusReader reader = corpus(path, columns).open()) {
            for (CorpusRow row = reader.next(); row != null; row = reader.next()) {
                rows.add("%d %s %s %s"
                        .formatted(
                                reader.number(),
                                row.id().orElse("-"),
                                row.type().orElse("-"),
                                row.text()));
            }
        }
        return rows;
    }

    private static void refused(String said, Path path, CorpusColumns columns) {
        CliException e = assertThrows(CliException.class, () -> rows(path, columns));
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }
}
