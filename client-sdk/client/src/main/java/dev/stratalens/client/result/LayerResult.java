package dev.stratalens.client.result;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One layer, or one read point inside a block, over all asked positions. Immutable, thread-safe, equal by value. Positions are token positions in the
 * prompt; one that was not asked for is refused with an {@link IllegalArgumentException} that names the ones that are
 * there. Made by this library alone: methods will be added.
 */
public interface LayerResult {

    /** What is known of the result that the layer belongs to. */
    ResultInfo info();

    /** The lens that read it. */
    Lens lens();

    /** Where the lens read. */
    ReadPoint readPoint();

    /** The layer's number: a block, or -1 for the embedding. Of a read point inside a block, the number of this block. */
    default int layer() {
        return readPoint().layer();
    }

    /** The k predictions, best first; ties by lower id. {@link ResultInfo#candidates()} says which tokens they are. */
    List<Prediction> topK(int position);

    /** The best token. */
    Prediction top(int position);

    /** A statistic; empty if it was not asked for, or does not exist here. */
    OptionalDouble statistic(Statistic statistic, int position);

    /**
     * ln(sum(exp(logits))); a token's logit is its log-probability plus this.
     *
     * @throws IllegalArgumentException if it was not asked for
     */
    float logSumExp(int position);

    /**
     * Logit of a prediction of the cell.
     *
     * @throws IllegalArgumentException if {@link Statistic#LOG_SUM_EXP} was not asked for
     */
    default float logit(Prediction prediction, int position) {
        return prediction.logProb() + logSumExp(position);
    }

    /** Entropy in nats; empty if not asked for. */
    default OptionalDouble entropy(int position) {
        return statistic(Statistic.ENTROPY, position);
    }

    /** KL(final || this layer) in nats; empty if not asked for. */
    default OptionalDouble klFromFinal(int position) {
        return statistic(Statistic.KL_FROM_FINAL, position);
    }

    /** KL(next requested layer || this layer) in nats; empty if not asked for, and at the last requested layer. */
    default OptionalDouble klFromNext(int position) {
        return statistic(Statistic.KL_FROM_NEXT, position);
    }

    /**
     * Rank of a target over the whole vocabulary, 1 = best; empty where the position has no such target.
     *
     * @throws IllegalArgumentException if the target was not asked for
     */
    OptionalInt rank(LensTarget target, int position);

    /**
     * Log-probability of a target; empty where the position has no such target.
     *
     * @throws IllegalArgumentException if the target was not asked for
     */
    OptionalDouble targetLogProb(LensTarget target, int position);
}
