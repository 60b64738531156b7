package dev.stratalens.engine.architecture;

/**
 * Attention with linear biases: slope times key position is added to the scores.
 *
 * @param slopes one a head
 * @param scale factor on the biases
 * @param roundedToBfloat16 whether the biases are bfloat16 numbers whatever the compute type, as Falcon's are
 */
public record Alibi(float[] slopes, double scale, boolean roundedToBfloat16) {

    /** Slopes as in the paper: powers of 2^(-8/p) for p heads, p a power of two, and those between for the others. */
    public static float[] slopes(int heads) {
        int power = Integer.highestOneBit(heads);
        var slopes = new float[heads];
        for (int head = 0; head < heads; head++) {
            int exponent = head < power ? 2 * (head + 1) : 2 * (head - power) + 1;
            slopes[head] = (float) Math.pow(2, -4.0 * exponent / power);
        }
        return slopes;
    }

    /** MPT's slopes: those of the next power of two, every second one first. */
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
