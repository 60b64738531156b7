package dev.stratalens.cli.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bars of shares. */
class ShareBarTest {

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            delimiter = ';',
            value = {
                "4;4;                │████████████████",
                "1;4;                │████",
                "-2;4;        ████████│",
                "0.01;4;                │",
                "-9;4;████████████████│",
                "NaN;4;''",
                "1;0;''"
            })
    void growsToTheRightAboveZeroAndToTheLeftBelow(double value, double largest, String bar) {
        assertEquals(bar, ShareBar.of(value, largest));
    }
}
