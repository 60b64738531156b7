package dev.stratalens.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.request.IndexRange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexSyntaxTest {

    private static final int COUNT = 24;

    @Test
    void allMeansNoRangeAndNeedsNoCount() {
        assertTrue(IndexSyntax.of("--layers", " all ").isAll());
        assertEquals(List.of(), IndexSyntax.of("--layers", "all").ranges());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7           | 7 7 1",
                "last        | -1 -1 1",
                "10-20       | 10 20 1",
                "10-last     | 10 -1 1",
                "10-20:4     | 10 20 4",
                "::4         | 0 -1 4",
                "5-5         | 5 5 1",
                "0,4,8       | 0 0 1; 4 4 1; 8 8 1",
                "0, last     | 0 0 1; -1 -1 1",
                "0-3,::9     | 0 3 1; 0 -1 9",
            })
    void readsWhatTheHelpNames(String text, String expected) {
        List<IndexRange> ranges = List.of(expected.split("; ", -1)).stream()
                .map(IndexSyntaxTest::range)
                .toList();
        assertEquals(ranges, IndexSyntax.of("--layers", text).ranges());
    }

    @Test
    void indicesAreCountedFromTheEnd() {
        assertEquals(List.of(0, 9, 18, 23), indices("::9"));
        assertEquals(List.of(3, 20, 23), indices("20-last:4,3"));
        assertEquals(COUNT, indices("all").size());
        assertEquals(List.of(0, 23), indices("::2147483647"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1       | negative",
                "-1       | --embedding",
                "-1       | last",
                "3,-2     | negative",
                "24       | there are 24 layers, 0 to 23",
                "4-30     | 30 is out of range",
                "99999999999 | out of range",
                "5-3      | ends before it begins",
                "::0      | step of 0",
                "2:20:3   | not understood",
                "a        | \"a\" is not understood",
                "1,,2     | not understood",
                "3,3      | 3 is selected twice",
                "0-5,4    | 4 is selected twice",
                "::7,last | 23 is selected twice",
            })
    void refusalsNameTheOffenderAndTheRemedy(String text, String words) {
        CliException refusal = assertThrows(CliException.class, () -> indices(text));
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("--layers"), refusal.getMessage());
        assertEquals(ExitCode.USAGE, refusal.exitCode());
    }

    @Test
    void positionsAreNotPointedToTheEmbedding() {
        CliException refusal = assertThrows(
                CliException.class, () -> IndexSyntax.of("--positions", "-1").ranges());
        assertEquals(
                "--positions: negative numbers are not allowed (-1); use `last` for the last one.",
                refusal.getMessage());
    }

    @Test
    void aHugeStepStillKeepsTheLast() {
        assertThrows(CliException.class, () -> indices("::2147483647,last"));
    }

    private static List<Integer> indices(String text) {
        return IndexSyntax.of("--layers", text).indices(COUNT, "layers");
    }

    private static IndexRange range(String numbers) {
        String[] parts = numbers.split(" ", -1);
        return new IndexRange(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }
}
