package dev.stratalens.engine.error;

/**
 * Escapes texts from files or callers for messages and logs: characters that move a terminal's cursor, forge a line or
 * change the reading direction. Everything that messages quote goes through here.
 */
public final class PrintableText {

    private PrintableText() {}

    /** The text on one line: controls, line breaks, invisible format characters and lone surrogates as escapes. */
    public static String of(String text) {
        return escaped(text, "");
    }

    /** Like {@link #of}, but keeps line feeds, for texts of several lines. */
    public static String lines(String text) {
        return escaped(text, "\n");
    }

    /** Like {@link #lines}, but also keeps tabs, for stack traces. */
    public static String trace(String text) {
        return escaped(text, "\n\t");
    }

    private static String escaped(String text, String kept) {
        if (text.codePoints().noneMatch(codePoint -> isEscaped(codePoint, kept))) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(codePoint -> {
            if (isEscaped(codePoint, kept)) {
                append(printable, codePoint);
            } else {
                printable.appendCodePoint(codePoint);
            }
        });
        return printable.toString();
    }

    private static boolean isEscaped(int codePoint, String kept) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> kept.indexOf(codePoint) < 0;
            default -> false;
        };
    }

    private static void append(StringBuilder printable, int codePoint) {
        switch (codePoint) {
            case '\n' -> printable.append("\\n");
            case '\r' -> printable.append("\\r");
            case '\t' -> printable.append("\\t");
            default -> {
                for (char unit : Character.toChars(codePoint)) {
                    printable.append(String.format("\\u%04x", (int) unit));
                }
            }
        }
    }
}
