package dev.stratalens.report.analysis;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The classic views: one number for every layer and position of a result. The logit, rank and KL views are those of <a
 * href="https://www.lesswrong.com/posts/AcKRB8wDpdaN6v6ru/interpreting-gpt-the-logit-lens">nostalgebraist (2020)</a>;
 * entropy, cross-entropy and KL by layer are the statistics of the <a href="https://arxiv.org/abs/2303.08112">tuned
 * lens</a> (Belrose et al., 2023), whose curves are the means of {@link LensGrid#overPositions}.
 */
public final class LensViews {

    private LensViews() {}

    /** Rank of followed tokens, 1 .. V; 1 = the likeliest. */
    public static LensGrid rank(FollowedTokens tokens) {
        return grid(tokens.result(), (layer, position) -> real(tokens.rank(layer, position)));
    }

    /** Probability of followed tokens, 0 .. 1. */
    public static LensGrid probability(FollowedTokens tokens) {
        return grid(tokens.result(), tokens::probability);
    }

    /**
     * Cross-entropy with followed tokens: minus their log-probability in nats, 0 or more. With the prompt's next token,
     * it is the loss of a language model that stops at the layer.
     */
    public static LensGrid crossEntropy(FollowedTokens tokens) {
        return grid(tokens.result(), (layer, position) -> {
            OptionalDouble logProb = tokens.logProb(layer, position);
            return logProb.isEmpty() ? logProb : OptionalDouble.of(0 - logProb.getAsDouble());
        });
    }

    /**
     * Logit of followed tokens: log-probability + log-sum-exp of the cell; for several tokens the log-sum-exp of their
     * logits.
     */
    public static LensGrid logit(FollowedTokens tokens) {
        return grid(tokens.result(), (layer, position) -> {
            OptionalDouble logProb = tokens.logProb(layer, position);
            OptionalDouble logSumExp = tokens.result().statistic(Statistic.LOG_SUM_EXP, layer, position);
            return logProb.isEmpty()
                    ? logProb
                    : OptionalDouble.of(logProb.getAsDouble() + logSumExp.orElse(Double.NaN));
        });
    }

    /** The highest logit of each cell, that of the token of {@link LensResult#top}. */
    public static LensGrid bestLogit(LensResult result) {
        return grid(result, (layer, position) -> {
            Prediction best = result.top(layer, position);
            return OptionalDouble.of((double) best.logProb()
                    + result.statistic(Statistic.LOG_SUM_EXP, layer, position).orElse(Double.NaN));
        });
    }

    /** A statistic; empty in every cell if it was not requested. */
    public static LensGrid statistic(LensResult result, Statistic statistic) {
        return grid(result, (layer, position) -> result.statistic(statistic, layer, position));
    }

    private static LensGrid grid(LensResult result, LensGrid.Cells cells) {
        return new LensGrid(result.layers(), result.positions(), cells);
    }

    private static OptionalDouble real(OptionalInt whole) {
        return whole.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(whole.getAsInt());
    }
}
