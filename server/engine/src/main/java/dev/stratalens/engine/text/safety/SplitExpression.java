package dev.stratalens.engine.text.safety;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks a tokenizer's regular expression without running it. The tokenizers library ends the process if a match takes
 * too many steps, nests too deeply, or replaces an empty match. The syntax is Oniguruma's. Expressions that cannot be
 * checked are refused, and so are kinds that no known tokenizer uses.
 */
public final class SplitExpression {

    private static final int DEEPEST = 50;
    private static final int LONGEST = 20_000;

    /** Escapes for a place, not a character. */
    private static final String PLACES = "AbBGKyYzZ";

    /** Escapes that call or repeat other groups. */
    private static final String REFERENCES = "gk123456789";

    private final String text;
    private int at;
    private int depth;

    private SplitExpression(String text) {
        this.text = text;
    }

    /**
     * Whether an expression can match nothing.
     *
     * @throws IllegalArgumentException if it may take too many steps, or cannot be checked; the message gives the
     *     reason
     */
    public static boolean canMatchNothing(String expression) {
        if (expression.length() > LONGEST) {
            throw new IllegalArgumentException("has more than %,d characters".formatted(LONGEST));
        }
        SplitExpression read = new SplitExpression(expression);
        ExpressionShape shape = read.alternatives();
        if (read.at < expression.length()) {
            throw new IllegalArgumentException("closes a group that is not open");
        }
        return shape.canBeEmpty();
    }

    private ExpressionShape alternatives() {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("nests more than %d deep".formatted(DEEPEST));
        }
        ExpressionShape shape = sequence();
        while (take("|")) {
            shape = shape.or(sequence());
        }
        depth--;
        return shape;
    }

    private ExpressionShape sequence() {
        ExpressionShape shape = ExpressionShape.NOTHING;
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            shape = shape.then(repetitions(atom()));
        }
        return shape;
    }

    /** Reads the quantifiers after an atom. */
    private ExpressionShape repetitions(ExpressionShape atom) {
        ExpressionShape shape = atom;
        Optional<Quantifier> next = Quantifier.at(text, at);
        while (next.isPresent()) {
            at += next.get().length();
            shape = shape.repeated(next.get());
            next = Quantifier.at(text, at);
        }
        return shape;
    }

    private ExpressionShape atom() {
        char first = text.charAt(at++);
        return switch (first) {
            case '(' -> group();
            case '[' -> characters();
            case '\\' -> escape();
            case '^', '$' -> ExpressionShape.PLACE;
            default -> ExpressionShape.CHARACTER;
        };
    }

    private ExpressionShape group() {
        boolean special = take("?");
        boolean place = special && Stream.of("=", "!", "<=", "<!").anyMatch(this::take);
        if (special && !place && Stream.of("i:", ":", ">").noneMatch(this::take)) {
            throw new IllegalArgumentException("has an unsupported kind of group");
        }
        ExpressionShape shape = alternatives();
        if (!take(")")) {
            throw new IllegalArgumentException("has a group that is not closed");
        }
        return place ? shape.asPlace() : shape;
    }

    /** A class of characters, which may hold others. */
    private ExpressionShape characters() {
        int open = 1;
        take("^");
        if (at < text.length() && text.charAt(at) == ']') {
            throw new IllegalArgumentException("has an empty class of characters");
        }
        while (open > 0) {
            if (at >= text.length() || open > DEEPEST) {
                throw new IllegalArgumentException("has a class of characters that is not closed");
            }
            char next = text.charAt(at++);
            if (next == '\\') {
                at++;
            } else if (next == '[') {
                open++;
            } else if (next == ']') {
                open--;
            }
        }
        return ExpressionShape.CHARACTER;
    }

    private ExpressionShape escape() {
        if (at >= text.length()) {
            throw new IllegalArgumentException("ends in an escape");
        }
        char kind = text.charAt(at++);
        if (REFERENCES.indexOf(kind) >= 0) {
            throw new IllegalArgumentException("refers to a group");
        }
        if ("pPxo".indexOf(kind) >= 0 && take("{")) {
            int end = text.indexOf('}', at);
            if (end < 0) {
                throw new IllegalArgumentException("has an escape that is not closed");
            }
            at = end + 1;
        }
        return PLACES.indexOf(kind) >= 0 ? ExpressionShape.PLACE : ExpressionShape.CHARACTER;
    }

    private boolean take(String expected) {
        boolean here = text.startsWith(expected, at);
        at += here ? expected.length() : 0;
        return here;
    }
}
