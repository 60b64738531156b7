package dev.stratalens.server.grpc.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExcerptTest {

    @ParameterizedTest
    @CsvSource({"abcdef, abcdef", "abcdefg, abc…", "ééé, ééé", "éééé, é…", "a😀😀, a…"})
    void cutsBetweenCharactersAndCountsBytes(String text, String expected) {
        assertEquals(expected, Excerpt.of(text, 6));
    }

    @Test
    void keepsListsThatFit() {
        assertEquals(List.of("a", "b"), Excerpt.of(List.of("a", "b"), 8));
    }

    @Test
    void countsWhatItLeavesOut() {
        assertEquals(
                List.of("abc", "def", "ghi", "jkl", "… 2 more"),
                Excerpt.of(List.of("abc", "def", "ghi", "jkl", "m", "n"), 12));
    }
}
