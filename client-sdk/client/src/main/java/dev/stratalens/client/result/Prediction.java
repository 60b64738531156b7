package dev.stratalens.client.result;

import java.util.Objects;

/**
 * A token and how likely it is.
 *
 * @param token the token
 * @param logProb its natural log-probability over the whole vocabulary
 */
public record Prediction(Token token, float logProb) {

    /** Checks that there is a token. */
    public Prediction {
        Objects.requireNonNull(token, "token");
    }

    /** The probability, 0 .. 1. */
    public double probability() {
        return Math.exp(logProb);
    }
}
