package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.text.TokenSet;

/**
 * An order of tokens other than by logit: by {@code sign * logit + penalty}. Arrays are not copied: read-only.
 *
 * @param count number of first tokens of each row to find
 * @param available number of tokens that may be found
 * @param sign 1, or -1 for the least likely first
 * @param penalties 0, or minus infinity for tokens that are not found, [V]
 */
public record Ranking(int count, int available, float sign, float[] penalties) {

    /** Finds only tokens of a set, the most likely first. */
    public static Ranking within(TokenSet tokens, int count, int vocabularySize) {
        var penalties = new float[vocabularySize];
        int available = 0;
        for (int id = 0; id < vocabularySize; id++) {
            boolean allowed = tokens.contains(id);
            penalties[id] = allowed ? 0 : Float.NEGATIVE_INFINITY;
            available += allowed ? 1 : 0;
        }
        return new Ranking(count, available, 1, penalties);
    }

    /** Finds the least likely tokens first. */
    public static Ranking fromTheEnd(int count, int vocabularySize) {
        return new Ranking(count, vocabularySize, -1, new float[vocabularySize]);
    }

    /** Number of tokens of each row to find, in low precision with those to rescore. */
    int kept(boolean exact) {
        return Math.min(exact ? count : count + HeadQuery.MARGIN, available);
    }

    /** Scores of a tile's logits. */
    void score(float[] logits, int columns, int firstToken, float[] scores) {
        for (int i = 0; i < columns; i++) {
            scores[i] = sign * logits[i] + penalties[firstToken + i];
        }
    }
}
