package dev.stratalens.client.internal.result;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.Token;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A layer over its columns.
 *
 * @param info of the result
 * @param lens that read it
 * @param columns what it read
 * @param vocabulary texts of its ids, and perhaps of more
 */
public record ColumnLayer(ResultInfo info, Lens lens, LayerColumns columns, Map<Integer, Token> vocabulary)
        implements LayerResult {

    @Override
    public ReadPoint readPoint() {
        return columns.readPoint();
    }

    @Override
    public List<Prediction> topK(int position) {
        int cell = info.positionIndex(position);
        List<Prediction> predictions = new ArrayList<>(info.k());
        for (int rank = 0; rank < info.k(); rank++) {
            predictions.add(prediction(cell, rank));
        }
        return Collections.unmodifiableList(predictions);
    }

    @Override
    public Prediction top(int position) {
        return prediction(info.positionIndex(position), 0);
    }

    @Override
    public OptionalDouble statistic(Statistic statistic, int position) {
        int cell = info.positionIndex(position);
        float[] values = columns.column(statistic);
        return values.length == 0 ? OptionalDouble.empty() : present(values[cell]);
    }

    @Override
    public float logSumExp(int position) {
        int cell = info.positionIndex(position);
        float[] values = columns.column(Statistic.LOG_SUM_EXP);
        if (values.length == 0) {
            throw new IllegalArgumentException("this result has no logits: the statistic " + Statistic.LOG_SUM_EXP
                    + " was not asked for; it has " + info.statistics());
        }
        return values[cell];
    }

    @Override
    public OptionalInt rank(LensTarget target, int position) {
        int rank = columns.targetRanks()[targetCell(target, position)];
        return rank == 0 ? OptionalInt.empty() : OptionalInt.of(rank);
    }

    @Override
    public OptionalDouble targetLogProb(LensTarget target, int position) {
        return present(columns.targetLogProbs()[targetCell(target, position)]);
    }

    private Prediction prediction(int cell, int rank) {
        int at = cell * info.k() + rank;
        // The assembler and the file reader let no id through whose text they do not know.
        Token token = Objects.requireNonNull(vocabulary.get(columns.ids()[at]));
        return Prediction.of(token, columns.logProbs()[at]);
    }

    private int targetCell(LensTarget target, int position) {
        return info.positionIndex(position) * info.targets().size() + info.targetIndex(target);
    }

    private static OptionalDouble present(float value) {
        return Float.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ColumnLayer that
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
