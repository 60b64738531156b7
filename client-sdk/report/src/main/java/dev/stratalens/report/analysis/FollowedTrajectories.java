package dev.stratalens.report.analysis;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Trajectory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** Followed tokens that were no targets, with their values in the trajectories and the top-k of a result. */
record FollowedTrajectories(LensResult result, String name, IntFunction<List<Token>> tokensAt)
        implements FollowedTokens {

    @Override
    public List<Token> tokens(int position) {
        return tokensAt.apply(position).stream().distinct().toList();
    }

    @Override
    public OptionalDouble logProb(int layer, int position) {
        List<OptionalDouble> known = tokens(position).stream()
                .map(token -> logProb(token.id(), layer, position))
                .toList();
        // the sum of some of them would be too low
        return known.stream().allMatch(OptionalDouble::isPresent)
                ? LogSum.of(known.stream().mapToDouble(OptionalDouble::orElseThrow))
                : OptionalDouble.empty();
    }

    @Override
    public OptionalInt rank(int layer, int position) {
        List<Prediction> best = result.topK(layer, position);
        List<Integer> ids = tokens(position).stream().map(Token::id).toList();
        // The predictions of other rules skip tokens, but the first is the best of all.
        return best.stream()
                .limit(result.info().candidates().areMostLikely() ? best.size() : 1)
                .filter(prediction -> ids.contains(prediction.token().id()))
                .mapToInt(prediction -> rank(prediction, best))
                .min();
    }

    @Override
    public List<TargetInfo> targets() {
        return List.of();
    }

    @Override
    public List<TargetInfo> leftOut() {
        return List.of();
    }

    /** All likelier tokens come before it in the list. */
    private static int rank(Prediction prediction, List<Prediction> best) {
        return 1
                + (int) best.stream()
                        .filter(other -> other.logProb() > prediction.logProb())
                        .count();
    }

    /** The top-k is exact; a trajectory may be rounded to a millionth. */
    private OptionalDouble logProb(int id, int layer, int position) {
        for (Prediction prediction : result.topK(layer, position)) {
            if (prediction.token().id() == id) {
                return OptionalDouble.of(prediction.logProb());
            }
        }
        Optional<Trajectory> trajectory = result.trajectory(position, id);
        return trajectory.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(trajectory.get().logProbability(layer));
    }
}
