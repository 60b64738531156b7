package dev.stratalens.engine.text;

/**
 * How many ways there are through a part of a regular expression. An engine that backtracks tries them all when something
 * behind them fails; what cannot fail is taken in the first way that comes.
 *
 * @param canBeEmpty whether it can match nothing
 * @param ways in which it can match the beginning of a text of a thousand characters, at most; infinite if they grow faster
 *     than every power of the text's length
 * @param waysUntilFailure how many are tried before it fails; 0 if it never fails
 */
record ExpressionShape(boolean canBeEmpty, double ways, double waysUntilFailure) {

    static final ExpressionShape NOTHING = new ExpressionShape(true, 1, 0);
    static final ExpressionShape CHARACTER = new ExpressionShape(false, 1, 1);
    static final ExpressionShape PLACE = new ExpressionShape(true, 1, 1);

    private static final double CHARACTERS = 1000;

    /** One unbounded repetition before something that may fail, as all tokenizers have it, but not two. */
    private static final double MOST_WAYS = 100 * CHARACTERS;

    /**
     * This part and another one behind it.
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

    /** Looked at without being taken. Whoever stands before it pays for each look, whether it succeeds or not. */
    ExpressionShape asPlace() {
        return new ExpressionShape(true, ways, Math.max(1, Math.max(ways, waysUntilFailure)));
    }
}
