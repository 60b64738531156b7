package dev.stratalens.cli.terminal;

import java.util.Map;
import java.util.Properties;

/**
 * The terminal around this process.
 *
 * @param input whether standard input is a terminal
 * @param output whether standard output is one
 * @param error whether standard error is one
 * @param columns width in characters
 * @param colors how standard output shows shades
 */
public record Terminal(boolean input, boolean output, boolean error, int columns, ColorDepth colors) {

    /** Width where there is no terminal to ask. */
    private static final int DEFAULT_COLUMNS = 100;

    /** Narrower than this nothing can be laid out; such a width is a mistake. */
    private static final int MINIMUM_COLUMNS = 20;

    /**
     * What the launcher found out ({@code stratalens.terminals}: the digits of the standard descriptors that are
     * terminals; {@code stratalens.columns}) and the environment says. Java itself cannot tell one stream from another, so
     * without the launcher none is taken for a terminal.
     */
    public static Terminal detect(Map<String, String> environment, Properties properties) {
        String terminals = properties.getProperty("stratalens.terminals", "");
        boolean output = terminals.contains("1");
        return new Terminal(
                terminals.contains("0"),
                output,
                terminals.contains("2"),
                columns(properties.getProperty("stratalens.columns", environment.getOrDefault("COLUMNS", ""))),
                ColorDepth.of(environment, output));
    }

    private static int columns(String text) {
        try {
            int columns = Integer.parseInt(text.strip());
            return columns == 0 ? DEFAULT_COLUMNS : Math.max(columns, MINIMUM_COLUMNS);
        } catch (NumberFormatException e) {
            return DEFAULT_COLUMNS;
        }
    }
}
