package dev.stratalens.report.analysis;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Trajectory;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The trajectory of one token, or of several that count as one, over the layers at one position.
 *
 * @param name name of the tokens
 * @param position token position in the prompt
 * @param tokens the tokens; none if the position has none
 * @param layers the layers, ascending; -1 first if the embedding was read
 * @param logProbs natural logarithm of the summed probability at each layer; empty if unknown
 * @param ranks the best rank at each layer, 1 = the likeliest; empty if unknown
 */
public record TokenCurve(
        String name,
        int position,
        List<Token> tokens,
        List<Integer> layers,
        List<OptionalDouble> logProbs,
        List<OptionalInt> ranks) {

    /** Copies the lists and checks that they have equal lengths. */
    public TokenCurve {
        tokens = List.copyOf(tokens);
        layers = List.copyOf(layers);
        logProbs = List.copyOf(logProbs);
        ranks = List.copyOf(ranks);
        if (logProbs.size() != layers.size() || ranks.size() != layers.size()) {
            throw new IllegalArgumentException("%d layers, but %d log-probabilities and %d ranks"
                    .formatted(layers.size(), logProbs.size(), ranks.size()));
        }
    }

    /** Reads the curve of followed tokens. */
    public static TokenCurve of(FollowedTokens tokens, int position) {
        List<Integer> layers = tokens.result().layers();
        return new TokenCurve(
                tokens.name(),
                position,
                tokens.tokens(position),
                layers,
                layers.stream().map(layer -> tokens.logProb(layer, position)).toList(),
                layers.stream().map(layer -> tokens.rank(layer, position)).toList());
    }

    /** Reads the curve of a tracked token. */
    public static TokenCurve of(LensResult result, Token token, int position) {
        return of(FollowedTokens.tracked(result, token.text(), List.of(token)), position);
    }

    /**
     * The model's prediction and its runners-up at the last requested layer, likeliest first.
     *
     * @param count largest number of curves; there are at most the request's k, or one more if the best token of the
     *     last requested layer is not the model's
     */
    public static List<TokenCurve> finalists(LensResult result, int position, int count) {
        Set<Token> tokens = new LinkedHashSet<>();
        tokens.add(result.finalTop(position).token());
        int last = result.layers().get(result.layers().size() - 1);
        result.topK(last, position).stream().map(Prediction::token).forEach(tokens::add);
        return tokens.stream()
                .limit(count)
                .map(token -> of(result, token, position))
                .toList();
    }

    /**
     * The tracked tokens with the highest peaks over the layers, in descending order.
     *
     * @param count largest number of curves; there are none without trajectories
     */
    public static List<TokenCurve> highestPeaks(LensResult result, int position, int count) {
        return result.trajectories(position).stream()
                .sorted(Comparator.comparingDouble(Trajectory::peak).reversed())
                .limit(count)
                .map(trajectory -> of(result, trajectory.token(), position))
                .toList();
    }

    /** The probability at a layer, 0 .. 1; empty if unknown. */
    public OptionalDouble probability(int layerIndex) {
        OptionalDouble logProb = logProbs.get(layerIndex);
        return logProb.isEmpty() ? logProb : OptionalDouble.of(Math.exp(logProb.getAsDouble()));
    }
}
