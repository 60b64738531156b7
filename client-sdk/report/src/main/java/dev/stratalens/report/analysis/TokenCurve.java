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
 * The evolution of one token, or of several read as one, over the layers at one position: the trajectory view.
 *
 * @param name how the tokens are called
 * @param position token position in the prompt
 * @param tokens the tokens; none where the position has none
 * @param layers the layers, ascending; -1 first if the embedding was read
 * @param logProbs natural logarithm of the summed probability at each layer; empty where it is not known
 * @param ranks the best rank at each layer, 1 = the likeliest; empty where it is not known
 */
public record TokenCurve(
        String name,
        int position,
        List<Token> tokens,
        List<Integer> layers,
        List<OptionalDouble> logProbs,
        List<OptionalInt> ranks) {

    /** Copies the lists and checks that they are equally long. */
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

    /** Reads the curve of what is followed. */
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
     * The model's prediction and its runners-up at the last asked layer, likeliest first.
     *
     * @param count how many at most; there are no more than the request's k, or one more where the last asked layer has
     *     another favorite than the model
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
     * The tracked tokens that are likeliest in some layer, in descending order of that peak: who was in the lead on the
     * way.
     *
     * @param count how many at most; none if no trajectories were asked for
     */
    public static List<TokenCurve> highestPeaks(LensResult result, int position, int count) {
        return result.trajectories(position).stream()
                .sorted(Comparator.comparingDouble(Trajectory::peak).reversed())
                .limit(count)
                .map(trajectory -> of(result, trajectory.token(), position))
                .toList();
    }

    /** The probability at a layer, 0 .. 1; empty where it is not known. */
    public OptionalDouble probability(int layerIndex) {
        OptionalDouble logProb = logProbs.get(layerIndex);
        return logProb.isEmpty() ? logProb : OptionalDouble.of(Math.exp(logProb.getAsDouble()));
    }
}
