package dev.stratalens.engine.text.safety;

/**
 * The number of ways to match a part of a regular expression. A backtracking engine tries all of them if a later part
 * fails; a part that cannot fail is matched in the first way.
 *
 * @param canBeEmpty whether it can match nothing
 * @param ways largest number of ways to match the beginning of a text of a thousand characters; infinite if it grows
 *     faster than every power of the text's length
 * @param waysUntilFailure number of ways tried before it fails; 0 if it never fails
 */
public record ExpressionShape(boolean canBeEmpty, double ways, double waysUntilFailure) {

    static final ExpressionShape NOTHING = new ExpressionShape(true, 1, 0);
    static final ExpressionShape CHARACTER = new ExpressionShape(false, 1, 1);
    static final ExpressionShape PLACE = new ExpressionShape(true, 1, 1);

    private static final double CHARACTERS = 1000;

    /** Allows one unbounded repetition before a part that may fail, as in all tokenizers, but not two. */
    private static final double MOST_WAYS = 100 * CHARACTERS;

    /**
     * This part followed by another one.
     *
     * @throws IllegalArgumentException if that may take too many steps
     */
    ExpressionShape then(ExpressionShape next) {
        boolean nextMayFail = next.waysUntilFailure > 0;
        double failing = nextMayFail ? ways * next.waysUntilFailure : 0;
        if (failing > MOST_WAYS) {
            throw new IllegalArgumentException(
                    Double.isInfinite(ways)
                            ? "continues after a repetition of a part that itself repeats or has alternatives"
                            : "continues after a part with too many ways to match, like two unbounded repetitions in a row");
        }
        return new ExpressionShape(
                canBeEmpty && next.canBeEmpty, ways * next.ways, Math.max(waysUntilFailure, failing));
    }

    ExpressionShape or(ExpressionShape other) {
        boolean mayFail = waysUntilFailure > 0 && other.waysUntilFailure > 0;
        return new ExpressionShape(
                canBeEmpty || other.canBeEmpty,
                ways + other.ways,
                mayFail ? waysUntilFailure + other.waysUntilFailure : 0);
    }

    /**
     * This part, repeated.
     *
     * @throws IllegalArgumentException if that may take too many steps
     */
    ExpressionShape repeated(Quantifier times) {
        boolean often = times.most() > 1;
        if (often && ways > 1 && (canBeEmpty || times.least() > 1)) {
            throw new IllegalArgumentException("repeats a part that itself repeats or has alternatives");
        }
        double lengths = times.isUnbounded() ? CHARACTERS : Math.max(1, times.most() - times.least() + 1.0);
        double repeatedWays = often ? (ways > 1 ? Double.POSITIVE_INFINITY : lengths) : ways * lengths;
        return new ExpressionShape(
                canBeEmpty || times.least() == 0, repeatedWays, times.least() == 0 ? 0 : waysUntilFailure);
    }

    /** A lookaround, which consumes nothing. The part before it pays for each check, whether it succeeds or not. */
    ExpressionShape asPlace() {
        return new ExpressionShape(true, ways, Math.max(1, Math.max(ways, waysUntilFailure)));
    }
}
