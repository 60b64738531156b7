package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggingTest {

    @ParameterizedTest
    @CsvSource({
        "true, serve",
        "true, serve --model demo",
        "true, analyze --verbose x",
        "true, analyze x --verbose",
        "false, ''",
        "false, analyze serve",
        "false, analyze --target serve x",
        "false, analyze -- --verbose",
        "false, tokenize -- serve",
        "true, analyze --verbose -- serve",
    })
    void onlyAServerAndWhoeverAsksForMoreHaveALog(boolean detailed, String words) {
        assertEquals(detailed, Logging.isDetailed(words.split(" ")));
    }

    @Test
    void aMessageIsOneLineWhateverItQuotes() {
        LogRecord record = new LogRecord(Level.WARNING, "Model a\033[31m\n2026-01-01 INFO forged cannot be loaded");
        String line = new PrintableLog().format(record);

        assertEquals(-1, line.indexOf('\033'), line);
        assertTrue(line.stripTrailing().endsWith("Model a\\u001b[31m\\n2026-01-01 INFO forged cannot be loaded"), line);
    }

    @Test
    void aTraceIsMovedInSoThatNoneOfItsLinesLooksLikeARecord() {
        LogRecord record = new LogRecord(Level.SEVERE, "Fault");
        record.setThrown(new IllegalStateException("x\033[2J\n2026-01-01 INFO forged"));
        String text = new PrintableLog().format(record);

        assertEquals(-1, text.indexOf('\033'), text);
        assertTrue(text.contains("\n  2026-01-01 INFO forged\n"), text);
        assertTrue(text.contains("\n  \tat dev.stratalens.cli.LoggingTest"), text);
        assertTrue(text.endsWith(System.lineSeparator()), text);
    }
}
