package dev.stratalens.engine.architecture.mixer;

/**
 * Attention with linear biases, which adds slope times key position to the scores.
 *
 * @param slopes one per head
 * @param scale factor on the biases
 * @param roundedToBfloat16 whether the biases are bfloat16 numbers in every compute type, as in Falcon
 */
public record Alibi(float[] slopes, double scale, boolean roundedToBfloat16) {

    /**
     * Slopes as in the paper: powers of 2^(-8/p), where p is the number of heads or the next lower power of two;
     * further heads take the slopes between.
     */
    public static float[] slopes(int heads) {
        int power = Integer.highestOneBit(heads);
        var slopes = new float[heads];
        for (int head = 0; head < heads; head++) {
            int exponent = head < power ? 2 * (head + 1) : 2 * (head - power) + 1;
            slopes[head] = (float) Math.pow(2, -4.0 * exponent / power);
        }
        return slopes;
    }

    /** MPT's slopes: those of the next power of two, with every second one first. */
    public static float[] everySecondSlope(int heads) {
        int power = heads == 1 ? 1 : 2 * Integer.highestOneBit(heads - 1);
        if (power == heads) {
            return slopes(heads);
        }
        float[] all = slopes(power);
        var slopes = new float[heads];
        for (int head = 0; head < heads; head++) {
            int place = 2 * head + 1;
            slopes[head] = all[place < power ? place : 2 * (head - power / 2)];
        }
        return slopes;
    }
}
