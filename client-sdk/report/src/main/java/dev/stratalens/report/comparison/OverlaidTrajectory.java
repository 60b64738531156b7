package dev.stratalens.report.comparison;

import dev.stratalens.client.result.Token;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The probability of a token over all layers of both results, at paired positions.
 *
 * @param token the token, as in one of the results
 * @param a probabilities in result A, one per layer of that result, 0 .. 1; empty if unknown
 * @param b likewise in result B
 */
public record OverlaidTrajectory(Token token, List<OptionalDouble> a, List<OptionalDouble> b) {

    /** Copies the lists. */
    public OverlaidTrajectory {
        a = List.copyOf(a);
        b = List.copyOf(b);
    }
}
