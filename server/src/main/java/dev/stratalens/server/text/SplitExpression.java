package dev.stratalens.server.text;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a tokenizer's regular expression may do, found without running it. The tokenizers library ends the process where a
 * match takes too many steps, where it nests too deeply, and where it replaces an empty match. Read here is Oniguruma's
 * syntax; what cannot be judged is refused, and so are expressions of whose kind no known tokenizer has one.
 */
final class SplitExpression {

    enum Trait {
        /** It can match nothing. */
        EMPTY,
        /** It can match the same beginning in several ways, so that repeating it takes exponentially many steps. */
        AMBIGUOUS
    }

    private static final int DEEPEST = 50;
    private static final int LONGEST = 20_000;

    /** Unbounded repetitions one after another; each one more multiplies the steps by the length of a text. */
    private static final int MOST_LOOPS = 2;

    /** Escapes of a place instead of a character. */
    private static final String PLACES = "AbBGKyYzZ";

    /** Escapes that call or repeat other groups. */
    private static final String REFERENCES = "gk123456789";

    private final String text;
    private int at;
    private int depth;
    private int loops;

    private SplitExpression(String text) {
        this.text = text;
    }

    /**
     * Judges an expression.
     *
     * @throws IllegalArgumentException if it may take too many steps, or cannot be judged; the message says which
     */
    static Set<Trait> judge(String expression) {
        if (expression.length() > LONGEST) {
            throw new IllegalArgumentException("has more than %,d characters".formatted(LONGEST));
        }
        SplitExpression read = new SplitExpression(expression);
        Set<Trait> traits = read.alternatives();
        if (read.at < expression.length()) {
            throw new IllegalArgumentException("closes a group that is not open");
        }
        return traits;
    }

    private Set<Trait> alternatives() {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("nests more than %d deep".formatted(DEEPEST));
        }
        int before = loops;
        int most = 0;
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        boolean more = true;
        while (more) {
            loops = 0;
            traits.addAll(sequence());
            most = Math.max(most, loops);
            more = take("|");
            if (more) {
                traits.add(Trait.AMBIGUOUS);
            }
        }
        loops = before + most;
        if (loops > MOST_LOOPS) {
            throw new IllegalArgumentException(
                    "has more than %d unbounded repetitions one after another".formatted(MOST_LOOPS));
        }
        depth--;
        return traits;
    }

    private Set<Trait> sequence() {
        Set<Trait> traits = EnumSet.of(Trait.EMPTY);
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            Set<Trait> part = repetitions(atom());
            if (!part.contains(Trait.EMPTY)) {
                traits.remove(Trait.EMPTY);
            }
            if (part.contains(Trait.AMBIGUOUS)) {
                traits.add(Trait.AMBIGUOUS);
            }
        }
        return traits;
    }

    /** Reads the quantifiers behind an atom. */
    private Set<Trait> repetitions(Set<Trait> atom) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        traits.addAll(atom);
        Optional<Quantifier> next = Quantifier.at(text, at);
        while (next.isPresent()) {
            Quantifier quantifier = next.get();
            at += quantifier.length();
            if (quantifier.most() > 1 && traits.contains(Trait.AMBIGUOUS)) {
                throw new IllegalArgumentException("repeats what itself repeats or has alternatives");
            }
            if (quantifier.least() == 0) {
                traits.add(Trait.EMPTY);
            }
            if (quantifier.least() != quantifier.most()) {
                traits.add(Trait.AMBIGUOUS);
            }
            loops += quantifier.isUnbounded() ? 1 : 0;
            next = Quantifier.at(text, at);
        }
        return traits;
    }

    private Set<Trait> atom() {
        char first = text.charAt(at++);
        return switch (first) {
            case '(' -> group();
            case '[' -> characters();
            case '\\' -> escape();
            case '^', '$' -> EnumSet.of(Trait.EMPTY);
            default -> EnumSet.noneOf(Trait.class);
        };
    }

    private Set<Trait> group() {
        boolean special = take("?");
        boolean place = special && Stream.of("=", "!", "<=", "<!").anyMatch(this::take);
        if (special && !place && Stream.of("i:", ":", ">").noneMatch(this::take)) {
            throw new IllegalArgumentException("has a group of a kind that is not read");
        }
        Set<Trait> traits = alternatives();
        if (!take(")")) {
            throw new IllegalArgumentException("has a group that is not closed");
        }
        if (place) {
            traits.add(Trait.EMPTY);
        }
        return traits;
    }

    /** A class of characters, which may hold others. */
    private Set<Trait> characters() {
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
        return EnumSet.noneOf(Trait.class);
    }

    private Set<Trait> escape() {
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
        return PLACES.indexOf(kind) >= 0 ? EnumSet.of(Trait.EMPTY) : EnumSet.noneOf(Trait.class);
    }

    private boolean take(String expected) {
        boolean here = text.startsWith(expected, at);
        at += here ? expected.length() : 0;
        return here;
    }
}
