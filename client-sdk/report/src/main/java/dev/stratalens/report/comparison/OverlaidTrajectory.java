package dev.stratalens.report.comparison;

import dev.stratalens.client.result.Token;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The probability of a token through all layers of both runs, at positions that are held against each other.
 *
 * @param token as one of the runs has it
 * @param a probabilities in run A, one a layer of that run, 0 .. 1; empty where not known
 * @param b likewise in run B
 */
public record OverlaidTrajectory(Token token, List<OptionalDouble> a, List<OptionalDouble> b) {

    /** Copies the lists. */
    public OverlaidTrajectory {
        a = List.copyOf(a);
        b = List.copyOf(b);
    }
}
