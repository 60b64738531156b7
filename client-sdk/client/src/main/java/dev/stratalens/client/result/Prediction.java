package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;

/** A token and how likely it is. */
@AutoValue
public abstract class Prediction {

    Prediction() {}

    /** A token with its log-probability. */
    public static Prediction of(Token token, float logProb) {
        return new AutoValue_Prediction(token, logProb);
    }

    /** The token. */
    public abstract Token token();

    /** Its natural log-probability over the whole vocabulary. */
    public abstract float logProb();

    /** The probability, 0 .. 1. */
    public final double probability() {
        return Math.exp(logProb());
    }
}
