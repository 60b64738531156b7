package dev.stratalens.server.lens;

import dev.stratalens.server.error.InvalidCheckpointException;
import dev.stratalens.server.error.InvalidCheckpointException.Problem;
import dev.stratalens.server.model.Head;
import dev.stratalens.server.model.checkpoint.DataType;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a block of rows says, from its statistics. Where the product ran in low precision, the best candidates are rescored
 * with float32 accumulation over the stored weights, ordered anew, and the log-sum-exp is corrected by them.
 *
 * @param topIds best tokens, [r * k]
 * @param topLogits their logits, [r * k]
 * @param logSumExps [r]
 */
record RowReadout(int[] topIds, float[] topLogits, float[] logSumExps) {

    /** Candidates beyond k that low precision may have put in the wrong order. */
    private static final int MARGIN = 8;

    /** Candidates to keep in the statistics for k predictions. */
    static int keptFor(int topK, Head head) {
        return head.computeType() == DataType.FLOAT32 ? topK : Math.min(topK + MARGIN, head.vocabularySize());
    }

    /**
     * Reads the statistics of a block.
     *
     * @param rows float32 rows that were projected, [r, d]
     */
    static RowReadout of(Head head, TorchScope scope, TorchTensor rows, RowStatistics statistics, int topK) {
        refuseNonFinite(statistics);
        int kept = statistics.kept();
        float[] exact = head.computeType() == DataType.FLOAT32
                ? new float[0]
                : head.logitsOf(scope, rows, candidates(statistics), kept);
        var topIds = new int[statistics.rows() * topK];
        var topLogits = new float[statistics.rows() * topK];
        var logSumExps = new float[statistics.rows()];
        for (int row = 0; row < statistics.rows(); row++) {
            int[] places = places(statistics, exact, row);
            for (int i = 0; i < topK; i++) {
                topIds[row * topK + i] = statistics.topId(row, places[i]);
                topLogits[row * topK + i] =
                        exact.length == 0 ? statistics.topLogit(row, places[i]) : exact[row * kept + places[i]];
            }
            logSumExps[row] = (float) logSumExp(statistics, exact, row);
        }
        return new RowReadout(topIds, topLogits, logSumExps);
    }

    private static long[] candidates(RowStatistics statistics) {
        return IntStream.range(0, statistics.rows() * statistics.kept())
                .mapToLong(i -> statistics.topId(i / statistics.kept(), i % statistics.kept()))
                .toArray();
    }

    /** Places in the list of candidates, best first, ties by lower id. */
    private static int[] places(RowStatistics statistics, float[] exact, int row) {
        int kept = statistics.kept();
        IntStream places = IntStream.range(0, kept);
        return exact.length == 0
                ? places.toArray()
                : places.boxed()
                        .sorted((a, b) -> {
                            int byLogit = Float.compare(exact[row * kept + b], exact[row * kept + a]);
                            return byLogit != 0
                                    ? byLogit
                                    : Integer.compare(statistics.topId(row, a), statistics.topId(row, b));
                        })
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    private static double logSumExp(RowStatistics statistics, float[] exact, int row) {
        double logSumExp = statistics.logSumExp(row);
        if (exact.length == 0) {
            return logSumExp;
        }
        double correction = 1;
        for (int i = 0; i < statistics.kept(); i++) {
            correction += Math.exp(exact[row * statistics.kept() + i] - logSumExp)
                    - Math.exp(statistics.topLogit(row, i) - logSumExp);
        }
        return logSumExp + Math.log(correction);
    }

    static void refuseNonFinite(RowStatistics statistics) {
        for (int row = 0; row < statistics.rows(); row++) {
            if (!Double.isFinite(statistics.logSumExp(row))) {
                throw new InvalidCheckpointException(
                        Problem.CORRUPT,
                        "model.safetensors",
                        List.of(),
                        "The model's logits are not finite: its weights hold NaN or infinity, or overflow. Check the weights against their source.");
            }
        }
    }
}
