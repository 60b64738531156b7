package dev.stratalens.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
        assertEquals(detailed, Logging.isDetailed(words.split(" ", -1)));
    }

    @Test
    void aMessageIsOneLineWhateverItQuotes() {
        LogRecord record = new LogRecord(Level.WARNING, "Model a\033[31m\n2026-01-01 INFO forged cannot be loaded");
        String line = new TextLog().format(record);

        assertEquals(-1, line.indexOf('\033'), line);
        assertTrue(line.stripTrailing().endsWith("Model a\\u001b[31m\\n2026-01-01 INFO forged cannot be loaded"), line);
    }

    @Test
    void aTraceIsMovedInSoThatNoneOfItsLinesLooksLikeARecord() {
        LogRecord record = new LogRecord(Level.SEVERE, "Fault");
        record.setThrown(new IllegalStateException("x\033[2J\n2026-01-01 INFO forged"));
        String text = new TextLog().format(record);

        assertEquals(-1, text.indexOf('\033'), text);
        assertTrue(text.contains("\n  2026-01-01 INFO forged\n"), text);
        assertTrue(text.contains("\n  \tat dev.stratalens.cli.log.LoggingTest"), text);
        assertTrue(text.endsWith(System.lineSeparator()), text);
    }

    @Test
    void aLineTellsItsTimeWithTheZone() {
        String line = new TextLog().format(new LogRecord(Level.INFO, "x"));

        assertTrue(line.matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{3}[+-]\\d\\d:\\d\\d INFO x\n"), line);
    }

    @Test
    void jsonIsOneObjectALineWhateverIsInIt() {
        LogRecord record = new LogRecord(Level.SEVERE, "Fault \033[2J\nx");
        record.setThrown(new IllegalStateException("y"));

        String line = new JsonLog().format(record);

        assertEquals(1, line.lines().count());
        JsonObject read = JsonParser.parseString(line).getAsJsonObject();
        assertEquals("Fault \\u001b[2J\\nx", read.get("message").getAsString());
        assertEquals("SEVERE", read.get("level").getAsString());
        assertTrue(read.get("trace").getAsString().contains("\tat " + LoggingTest.class.getName()), line);
    }
}
