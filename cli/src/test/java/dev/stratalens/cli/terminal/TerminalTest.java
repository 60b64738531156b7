package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {

    @ParameterizedTest
    @CsvSource({
        "xterm-256color, truecolor, TRUE_COLOR",
        "xterm-256color, 24bit, TRUE_COLOR",
        "xterm-direct, '', TRUE_COLOR",
        "xterm-256color, '', COLORS_256",
        "xterm, '', COLORS_16",
        "linux, '', COLORS_16",
        "dumb, '', SHADES",
        "vt100, '', SHADES",
        "'', '', SHADES",
    })
    void colorsFollowTheEnvironment(String term, String colorTerm, ColorDepth expected) {
        Map<String, String> environment = Map.of("TERM", term, "COLORTERM", colorTerm);
        assertEquals(expected, terminal(environment, "012", "80").colors());
    }

    @Test
    void noColorAndNoTerminalArePlain() {
        assertEquals(
                ColorDepth.PLAIN,
                terminal(Map.of("TERM", "xterm", "NO_COLOR", "1"), "012", "80").colors());
        assertEquals(
                ColorDepth.PLAIN, terminal(Map.of("TERM", "xterm"), "02", "80").colors());
    }

    @Test
    void colorCanBeForcedIntoAPipe() {
        assertEquals(
                ColorDepth.COLORS_16,
                terminal(Map.of("TERM", "xterm", "FORCE_COLOR", "1"), "", "80").colors());
    }

    @Test
    void theLauncherSaysWhichStreamsAreTerminals() {
        Terminal terminal = terminal(Map.of(), "02", "132");
        assertTrue(terminal.input());
        assertFalse(terminal.output());
        assertTrue(terminal.error());
        assertEquals(132, terminal.columns());
    }

    @ParameterizedTest
    @CsvSource({"'', 100", "0, 100", "wide, 100", "5, 20", "200, 200"})
    void widthsThatMakeNoSenseAreReplaced(String given, int expected) {
        assertEquals(expected, terminal(Map.of(), "1", given).columns());
    }

    private static Terminal terminal(Map<String, String> environment, String terminals, String columns) {
        Properties properties = new Properties();
        properties.setProperty("stratalens.terminals", terminals);
        properties.setProperty("stratalens.columns", columns);
        return Terminal.detect(environment, properties);
    }
}
