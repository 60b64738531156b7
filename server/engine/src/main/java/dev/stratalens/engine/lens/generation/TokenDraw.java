package dev.stratalens.engine.lens.generation;

import java.util.Arrays;

/**
 * Draws tokens from logits. The random number of a token depends on the seed and on how many tokens were generated before it alone, so
 * that the same seed draws with the same numbers whatever else the server computes. A token is drawn by walking the kept ones in the
 * order of their ids until their probabilities exceed the number.
 */
record TokenDraw(Sampling sampling) {

    /** 2^64 over the golden ratio, and the mixing function of SplitMix64 (Steele et al., 2014). */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    /**
     * Draws a token.
     *
     * @param logits [V]; not changed
     * @param index number of tokens that were generated before
     */
    int draw(float[] logits, int index) {
        float best = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            best = Math.max(best, logit);
        }
        long last = lastKept(logits, best);
        double sum = 0;
        for (int id = 0; id < logits.length; id++) {
            sum += key(logits[id], id) <= last ? weight(logits[id], best) : 0;
        }
        double left = number(sampling.seed(), index) * sum;
        int drawn = -1;
        for (int id = 0; id < logits.length && left >= 0; id++) {
            double weight = key(logits[id], id) <= last ? weight(logits[id], best) : 0;
            if (weight > 0) {
                drawn = id;
                left -= weight;
            }
        }
        return drawn;
    }

    /** A number from 0 to 1, without 1. */
    static double number(long seed, int index) {
        long mixed = seed + STEP * (index + 1L);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1.0p-53;
    }

    private double weight(float logit, float best) {
        return Math.exp(((double) logit - best) / sampling.temperature());
    }

    /** The key of the last token that is kept. */
    private long lastKept(float[] logits, float best) {
        if (sampling.topK() >= logits.length && sampling.topP() >= 1) {
            return Long.MAX_VALUE;
        }
        long[] keys = new long[logits.length];
        for (int id = 0; id < keys.length; id++) {
            keys[id] = key(logits[id], id);
        }
        Arrays.sort(keys);
        int kept = Math.min(sampling.topK(), keys.length);
        return keys[(sampling.topP() >= 1 ? kept : nucleus(logits, keys, kept, best)) - 1];
    }

    /** The fewest best tokens whose probabilities among the kept ones add up to top-p. */
    private int nucleus(float[] logits, long[] keys, int kept, float best) {
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += weight(logits[(int) keys[i]], best);
        }
        double wanted = sampling.topP() * sum;
        double reached = 0;
        for (int i = 0; i < kept; i++) {
            reached += weight(logits[(int) keys[i]], best);
            if (reached >= wanted) {
                return i + 1;
            }
        }
        return kept;
    }

    /** Ascends from the best token to the worst, of equal ones from the lowest id to the highest. */
    private static long key(float logit, int id) {
        int bits = Float.floatToIntBits(logit + 0f); // -0 becomes 0
        int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ~ascending << 32) | id;
    }
}
