package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.runtime.TemplateException;

/** Python's escapes in string literals. */
final class StringLiteral {

    private static final String LETTERS = "nrtbfav\\'\"";
    private static final String MEANINGS = "\n\r\t\b\f\u0007\u000b\\'\"";

    private StringLiteral() {}

    static String unescape(String written) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < written.length()) {
            char c = written.charAt(i++);
            if (c != '\\' || i == written.length()) {
                text.append(c);
                continue;
            }
            char escaped = written.charAt(i++);
            int letter = LETTERS.indexOf(escaped);
            int digits = escaped == 'x' ? 2 : escaped == 'u' ? 4 : escaped == 'U' ? 8 : 0;
            if (letter >= 0) {
                text.append(MEANINGS.charAt(letter));
            } else if (digits > 0) {
                text.appendCodePoint(number(written, i, digits, 16));
                i += digits;
            } else if (escaped >= '0' && escaped <= '7') {
                int end = i;
                while (end < Math.min(i + 2, written.length())
                        && written.charAt(end) >= '0'
                        && written.charAt(end) <= '7') {
                    end++;
                }
                text.append((char) number(written, i - 1, end - i + 1, 8));
                i = end;
            } else if (escaped != '\n') {
                text.append('\\').append(escaped);
            }
        }
        return text.toString();
    }

    private static int number(String written, int start, int digits, int radix) {
        try {
            int number = Integer.parseInt(written.substring(start, start + digits), radix);
            if (Character.isValidCodePoint(number) && (number < 0xD800 || number > 0xDFFF)) {
                return number;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // Said below.
        }
        throw new TemplateException("'%s' has an invalid escape".formatted(written));
    }
}
