package dev.stratalens.client.result;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One layer over all asked positions. Immutable, thread-safe, equal by value. Positions are token positions in the
 * prompt; one that was not asked for is refused with an {@link IllegalArgumentException} that names the ones that are
 * there.
 */
public final class LayerResult {

    private final ResultInfo info;
    private final Lens lens;
    private final LayerColumns columns;
    private final Map<Integer, Token> vocabulary;

    public LayerResult(ResultInfo info, Lens lens, LayerColumns columns, Map<Integer, Token> vocabulary) {
        this.info = info;
        this.lens = lens;
        this.columns = columns;
        this.vocabulary = vocabulary;
    }

    /** The layer's number: a block, or -1 for the embedding. */
    public int layer() {
        return readPoint().layer();
    }

    /** Where the lens read. */
    public ReadPoint readPoint() {
        return columns.readPoint();
    }

    /** The lens that read it. */
    public Lens lens() {
        return lens;
    }

    /** What is known of the run. */
    public ResultInfo info() {
        return info;
    }

    /** The k best tokens, best first; ties by lower id. */
    public List<Prediction> topK(int position) {
        int cell = info.positionIndex(position);
        List<Prediction> predictions = new ArrayList<>(info.k());
        for (int rank = 0; rank < info.k(); rank++) {
            predictions.add(prediction(cell, rank));
        }
        return Collections.unmodifiableList(predictions);
    }

    /** The best token. */
    public Prediction top(int position) {
        return prediction(info.positionIndex(position), 0);
    }

    /** A statistic; empty if it was not asked for, or does not exist here. */
    public OptionalDouble statistic(Statistic statistic, int position) {
        int cell = info.positionIndex(position);
        float[] values = columns.column(statistic);
        return values.length == 0 ? OptionalDouble.empty() : present(values[cell]);
    }

    /**
     * ln(sum(exp(logits))); a token's logit is its log-probability plus this.
     *
     * @throws IllegalArgumentException if it was not asked for
     */
    public float logSumExp(int position) {
        int cell = info.positionIndex(position);
        float[] values = columns.column(Statistic.LOG_SUM_EXP);
        if (values.length == 0) {
            throw new IllegalArgumentException("this run has no logits: the statistic " + Statistic.LOG_SUM_EXP
                    + " was not asked for; it has " + info.statistics());
        }
        return values[cell];
    }

    /**
     * Logit of a prediction of the cell.
     *
     * @throws IllegalArgumentException if {@link Statistic#LOG_SUM_EXP} was not asked for
     */
    public float logit(Prediction prediction, int position) {
        return prediction.logProb() + logSumExp(position);
    }

    /** Entropy in nats; empty if not asked for. */
    public OptionalDouble entropy(int position) {
        return statistic(Statistic.ENTROPY, position);
    }

    /** KL(final || this layer) in nats; empty if not asked for. */
    public OptionalDouble klFromFinal(int position) {
        return statistic(Statistic.KL_FROM_FINAL, position);
    }

    /** KL(next asked layer || this layer) in nats; empty if not asked for, and at the last asked layer. */
    public OptionalDouble klFromNext(int position) {
        return statistic(Statistic.KL_FROM_NEXT, position);
    }

    /**
     * Rank of a target over the whole vocabulary, 1 = best; empty where the position has no such target.
     *
     * @param targetIndex index into the asked targets
     */
    public OptionalInt rank(int targetIndex, int position) {
        int rank = columns.targetRanks()[targetCell(targetIndex, position)];
        return rank == 0 ? OptionalInt.empty() : OptionalInt.of(rank);
    }

    /**
     * Log-probability of a target; empty where the position has no such target.
     *
     * @param targetIndex index into the asked targets
     */
    public OptionalDouble targetLogProb(int targetIndex, int position) {
        return present(columns.targetLogProbs()[targetCell(targetIndex, position)]);
    }

    /** As {@link #rank(int, int)}, by target. */
    public OptionalInt rank(LensTarget target, int position) {
        return rank(info.targetIndex(target), position);
    }

    /** As {@link #targetLogProb(int, int)}, by target. */
    public OptionalDouble targetLogProb(LensTarget target, int position) {
        return targetLogProb(info.targetIndex(target), position);
    }

    private Prediction prediction(int cell, int rank) {
        int at = cell * info.k() + rank;
        // The assembler and the file reader let no id through whose text they do not know.
        Token token = Objects.requireNonNull(vocabulary.get(columns.ids()[at]));
        return new Prediction(token, columns.logProbs()[at]);
    }

    private int targetCell(int targetIndex, int position) {
        return info.positionIndex(position) * info.targets().size() + info.requireTarget(targetIndex);
    }

    private static OptionalDouble present(float value) {
        return Float.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerResult that
                && info.equals(that.info)
                && lens.equals(that.lens)
                && columns.equals(that.columns);
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }

    @Override
    public String toString() {
        return "LayerResult[readPoint=" + readPoint() + ", lens=" + lens + ", positions="
                + info.positions().size() + "]";
    }
}
