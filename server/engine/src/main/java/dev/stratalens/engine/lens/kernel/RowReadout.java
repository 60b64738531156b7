package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.List;

/**
 * What a block of rows says, from its statistics. Where the product ran in low precision, the best candidates are rescored
 * with float32 accumulation over the stored weights, ordered anew, and the log-sum-exp is corrected by them.
 *
 * @param kept candidates of each row, best first, c
 * @param topIds tokens, [r * c]
 * @param topLogits their logits, [r * c]
 * @param logSumExps [r]
 */
public record RowReadout(int kept, int[] topIds, float[] topLogits, float[] logSumExps) {

    /** Candidates beyond k that low precision may have put in the wrong order. */
    private static final int MARGIN = 8;

    /** Candidates to keep in the statistics for k predictions. */
    public static int keptFor(int topK, Head head) {
        return head.computeType() == DataType.FLOAT32 ? topK : Math.min(topK + MARGIN, head.vocabularySize());
    }

    /**
     * Reads the statistics of a block.
     *
     * @param rows float32 rows that were projected, [r, d]
     */
    public static RowReadout of(HeadReader reader, TorchTensor rows, RowStatistics statistics) {
        int kept = statistics.kept();
        var topIds = new int[statistics.rows() * kept];
        var topLogits = new float[topIds.length];
        Arrays.setAll(topIds, i -> statistics.topId(i / kept, i % kept));
        var logSumExps = new float[statistics.rows()];
        for (int i = 0; i < topLogits.length; i++) {
            topLogits[i] = statistics.topLogit(i / kept, i % kept);
        }
        for (int row = 0; row < logSumExps.length; row++) {
            logSumExps[row] = (float) statistics.logSumExp(row);
        }
        var rounded = new RowReadout(kept, topIds, topLogits, logSumExps);
        return reader.head().computeType() == DataType.FLOAT32
                ? rounded
                : rounded.rescored(reader.tokenLogits().ofEachRow(rows, topIds, kept));
    }

    private RowReadout rescored(float[] exact) {
        var ids = new int[topIds.length];
        var logits = new float[topIds.length];
        var corrected = new float[logSumExps.length];
        for (int row = 0; row < corrected.length; row++) {
            int first = row * kept;
            double correction = 1;
            for (int i = first; i < first + kept; i++) {
                correction += Math.exp(exact[i] - logSumExps[row]) - Math.exp(topLogits[i] - logSumExps[row]);
                int place = i;
                while (place > first && comesBefore(exact[i], topIds[i], logits[place - 1], ids[place - 1])) {
                    ids[place] = ids[place - 1];
                    logits[place] = logits[place - 1];
                    place--;
                }
                ids[place] = topIds[i];
                logits[place] = exact[i];
            }
            corrected[row] = (float) (logSumExps[row] + Math.log(correction));
        }
        return new RowReadout(kept, ids, logits, corrected);
    }

    /** Ties go by lower id. */
    private static boolean comesBefore(float logit, int id, float otherLogit, int otherId) {
        return logit > otherLogit || (logit == otherLogit && id < otherId);
    }

    /** Refuses a row that is not a distribution. */
    public void requireFinite(int row) {
        if (!Float.isFinite(logSumExps[row])) {
            throw new InvalidCheckpointException(
                    Problem.CORRUPT,
                    "model.safetensors",
                    List.of(),
                    "The model's logits are not finite: its weights hold NaN or infinity, or overflow. Check the weights against their source.");
        }
    }
}
