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
 * @param rows height in lines
 * @param colors how standard output shows shades
 */
public record Terminal(boolean input, boolean output, boolean error, int columns, int rows, ColorDepth colors) {

    /** Width where there is no terminal to ask. */
    private static final int DEFAULT_COLUMNS = 100;

    /** Height where there is no terminal to ask. */
    private static final int DEFAULT_ROWS = 40;

    /** Smaller than this nothing can be laid out; such a size is a mistake. */
    private static final int MINIMUM_COLUMNS = 20;

    private static final int MINIMUM_ROWS = 10;

    /**
     * What the launcher found out ({@code stratalens.terminals}: the digits of the standard descriptors that are
     * terminals; {@code stratalens.columns} and {@code .rows}) and the environment says. Java itself cannot tell one stream from another, so
     * without the launcher none is taken for a terminal.
     */
    public static Terminal detect(Map<String, String> environment, Properties properties) {
        String terminals = properties.getProperty("stratalens.terminals", "");
        boolean output = terminals.contains("1");
        return new Terminal(
                terminals.contains("0"),
                output,
                terminals.contains("2"),
                size(properties, environment, "columns", DEFAULT_COLUMNS, MINIMUM_COLUMNS),
                size(properties, environment, "rows", DEFAULT_ROWS, MINIMUM_ROWS),
                ColorDepth.of(environment, output));
    }

    private static int size(Properties properties, Map<String, String> environment, String name, int usual, int least) {
        String variable = name.equals("rows") ? "LINES" : "COLUMNS";
        String text = properties.getProperty("stratalens." + name, environment.getOrDefault(variable, ""));
        try {
            int size = Integer.parseInt(text.strip());
            return size == 0 ? usual : Math.max(size, least);
        } catch (NumberFormatException e) {
            return usual;
        }
    }
}
