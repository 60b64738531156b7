package dev.stratalens.client.result;

/**
 * A token and how likely it is.
 *
 * @param token the token
 * @param logProb its natural log-probability over the whole vocabulary
 */
public record Prediction(Token token, float logProb) {

    /** The probability, 0 .. 1. */
    public double probability() {
        return Math.exp(logProb);
    }
}
