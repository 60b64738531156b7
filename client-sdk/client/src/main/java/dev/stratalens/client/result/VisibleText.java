package dev.stratalens.client.result;

/** Makes the invisible visible. */
final class VisibleText {

    private VisibleText() {}

    static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        if (!text.isEmpty() && isMark(text.codePointAt(0))) {
            visible.append('◌'); // a carrier, or the mark combines with what stands before
        }
        text.codePoints().forEach(codePoint -> append(visible, codePoint));
        return visible.toString();
    }

    private static void append(StringBuilder visible, int codePoint) {
        switch (codePoint) {
            case ' ' -> visible.append('·');
            case '\n' -> visible.append('⏎');
            case '\t' -> visible.append('→');
            case '\u00a0' -> visible.append('⍽');
            case '\r' -> visible.append("\\r");
            default -> {
                if (isInvisible(codePoint)) {
                    for (char unit : Character.toChars(codePoint)) {
                        visible.append(String.format("\\u%04x", (int) unit));
                    }
                } else {
                    visible.appendCodePoint(codePoint);
                }
            }
        }
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
