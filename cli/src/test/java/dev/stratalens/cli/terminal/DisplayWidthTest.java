package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayWidthTest {

    @ParameterizedTest
    @CsvSource({
        "Paris, 5",
        "·Paris⏎, 7",
        "東京, 4",
        "한국, 4",
        "ｆｕｌｌ, 8",
        "ﾊﾝ, 2",
        "é, 1",
        "e\u0301, 1",
        "😀, 2",
        "🧠a, 3",
        "∑, 1"
    })
    void countsTerminalColumns(String text, int columns) {
        assertEquals(columns, DisplayWidth.of(text));
    }

    @Test
    void shorteningShowsThatItCut() {
        assertEquals("Parallel", DisplayWidth.shorten("Parallel", 8));
        assertEquals("Paralle…", DisplayWidth.shorten("Parallels", 8));
    }

    @Test
    void shorteningDoesNotSplitAWideCharacter() {
        assertEquals("東京…", DisplayWidth.shorten("東京都庁", 6));
        assertEquals("東京…", DisplayWidth.shorten("東京都庁", 5));
        assertEquals("😀…", DisplayWidth.shorten("😀😀😀", 4));
    }

    @Test
    void paddingCountsColumnsAndNeverCuts() {
        assertEquals("東京 |", DisplayWidth.padRight("東京", 5) + "|");
        assertEquals("  7", DisplayWidth.padLeft("7", 3));
        assertEquals("1234", DisplayWidth.padLeft("1234", 3));
    }
}
