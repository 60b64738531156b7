package dev.stratalens.report.analysis;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One token, or several that count as one, in the cells of a result. Throws {@link IllegalArgumentException} for layers
 * and positions that the result does not have.
 */
public sealed interface FollowedTokens permits FollowedTargets, FollowedTrajectories {

    /** The result. */
    LensResult result();

    /** Name of the tokens in output. */
    String name();

    /** The tokens at a position, without repetition; empty if there is none, as after the last token of a prompt. */
    List<Token> tokens(int position);

    /** Natural logarithm of the summed probability; empty if the position has no such token, or if it is unknown. */
    OptionalDouble logProb(int layer, int position);

    /**
     * The best rank of any of the tokens, 1 = the likeliest of the vocabulary. Empty if the position has no such token;
     * for tokens that were no targets, also if they are not among the top-k.
     */
    OptionalInt rank(int layer, int position);

    /** The targets, one or more; none if the tokens were no targets. */
    List<TargetInfo> targets();

    /** Members of the group that are not one token of the vocabulary, with the tokens of their encoding. */
    List<TargetInfo> leftOut();

    /** The summed probability, 0 .. 1; empty like {@link #logProb}. */
    default OptionalDouble probability(int layer, int position) {
        OptionalDouble logProb = logProb(layer, position);
        return logProb.isEmpty() ? logProb : OptionalDouble.of(Math.exp(logProb.getAsDouble()));
    }

    /**
     * A target of the result.
     *
     * @param targetIndex index into {@link LensResult#targets()}
     */
    static FollowedTokens target(LensResult result, int targetIndex) {
        TargetInfo info = result.targets().get(targetIndex);
        return new FollowedTargets(result, TargetGroup.name(info.target()), List.of(targetIndex), List.of());
    }

    /**
     * A group of targets of the request.
     *
     * @return empty if a member was not a target
     */
    static Optional<FollowedTokens> of(LensResult result, TargetGroup group) {
        List<Integer> whole = new ArrayList<>();
        List<TargetInfo> leftOut = new ArrayList<>();
        for (LensTarget member : group.members()) {
            OptionalInt index = FollowedTargets.index(result, member);
            if (index.isEmpty()) {
                return Optional.empty();
            }
            TargetInfo info = result.targets().get(index.getAsInt());
            if (FollowedTargets.isWhole(info)) {
                whole.add(index.getAsInt());
            } else {
                leftOut.add(info);
            }
        }
        if (whole.isEmpty()) {
            TargetInfo first = leftOut.remove(0);
            whole.add(result.targets().indexOf(first));
        }
        return Optional.of(new FollowedTargets(result, group.name(), whole, leftOut));
    }

    /**
     * Tokens that need not be targets. Their probabilities are known where they were tracked, their ranks where they
     * are among the top-k.
     *
     * @param tokens one or more
     */
    static FollowedTokens tracked(LensResult result, String name, List<Token> tokens) {
        return new FollowedTrajectories(result, name, position -> tokens);
    }

    /** The model's own prediction at each position: the target if it was one, else its values in the top-k. */
    static FollowedTokens finalTop(LensResult result) {
        OptionalInt index = FollowedTargets.index(result, LensTarget.finalTop());
        return index.isPresent()
                ? target(result, index.getAsInt())
                : new FollowedTrajectories(
                        result,
                        TargetGroup.name(LensTarget.finalTop()),
                        position -> List.of(result.finalTop(position).token()));
    }
}
