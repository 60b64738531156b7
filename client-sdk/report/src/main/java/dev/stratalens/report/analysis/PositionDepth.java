package dev.stratalens.report.analysis;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import java.util.OptionalInt;

/**
 * Where in depth the prediction of one position forms. The embedding never counts.
 *
 * @param position token position in the prompt
 * @param prediction the model's own best token
 * @param crystallization the first requested block from which the best token is the model's own and stays so; empty if
 *     it is another at the last requested block
 * @param firstAppearance the first requested block where the best token is the model's own; empty if it never is
 * @param firstWithin the first requested block where the rank of the followed tokens is at most the threshold; empty if
 *     it never is, or if it is unknown
 */
public record PositionDepth(
        int position,
        Prediction prediction,
        OptionalInt crystallization,
        OptionalInt firstAppearance,
        OptionalInt firstWithin) {

    /**
     * Reads one position.
     *
     * @param followed the tokens whose rank counts for {@code firstWithin}
     * @param rank the threshold, 1 or more
     */
    public static PositionDepth of(FollowedTokens followed, int position, int rank) {
        if (rank < 1) {
            throw new IllegalArgumentException("rank " + rank + " is below 1; 1 is the best token");
        }
        LensResult result = followed.result();
        OptionalInt within = result.layers().stream()
                .mapToInt(Integer::intValue)
                .filter(layer -> layer >= 0)
                .filter(layer -> followed.rank(layer, position).orElse(Integer.MAX_VALUE) <= rank)
                .findFirst();
        return new PositionDepth(
                position,
                result.finalTop(position),
                result.crystallizationLayer(position),
                result.firstAppearance(position),
                within);
    }

    /** Whether the token led before its crystallization layer, and was lost again on the way. */
    public boolean isRegained() {
        return crystallization.isPresent() && firstAppearance.isPresent() && !crystallization.equals(firstAppearance);
    }
}
