package dev.stratalens.engine.text.safety;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of repetitions of a part of a regular expression.
 *
 * @param least smallest number
 * @param most largest number; {@link Integer#MAX_VALUE} for no limit
 * @param length length of the quantifier in characters
 */
public record Quantifier(int least, int most, int length) {

    /**
     * A mark after * + ? is lazy or possessive, which does not change the count; after braces, ? also makes the part
     * optional.
     */
    private static final Pattern WRITTEN =
            Pattern.compile("([*+?])[?+]?|\\{(?<from>\\d{0,9})(?<comma>,)?(?<to>\\d{0,9})\\}(?<lazy>\\??)");

    /** The quantifier at a place; empty if there is none, or if braces are characters. */
    static Optional<Quantifier> at(String expression, int start) {
        Matcher matcher = WRITTEN.matcher(expression).region(start, expression.length());
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        int length = matcher.end() - start;
        String mark = matcher.group(1);
        if (mark != null) {
            return Optional.of(
                    new Quantifier(mark.equals("+") ? 1 : 0, mark.equals("?") ? 1 : Integer.MAX_VALUE, length));
        }
        String from = matcher.group("from");
        String to = matcher.group("to");
        if (from.isEmpty() && to.isEmpty()) {
            return Optional.empty();
        }
        int least = from.isEmpty() ? 0 : Integer.parseInt(from);
        int most = matcher.group("comma") == null ? least : to.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(to);
        return Optional.of(new Quantifier(matcher.group("lazy").isEmpty() ? least : 0, most, length));
    }

    boolean isUnbounded() {
        return most == Integer.MAX_VALUE;
    }
}
