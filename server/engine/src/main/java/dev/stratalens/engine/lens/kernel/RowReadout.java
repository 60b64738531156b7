package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.kernel.row.BestTokens;
import dev.stratalens.engine.lens.kernel.row.RowStatistics;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The result of a query. Arrays are row-major and not copied: read-only.
 *
 * @param kept number of known best tokens of each row, c: the requested number, or more
 * @param topIds best tokens, best first, ties by lower id, [r * c]
 * @param topLogits their logits, [r * c]
 * @param logSumExps [r]; not finite if the logits are not
 * @param entropies nats, [r]
 * @param targetRanks 1 + number of tokens above, [r * m]; 0 if there is no target
 * @param targetLogits [r * m]; NaN if there is no target
 * @param expectations of the first rows; empty if none were wanted
 * @param wholeRows all logits of the rows in {@link HeadQuery#whole()}, [V] each
 * @param ranked first tokens in the order of each of {@link HeadQuery#rankings()}
 */
public record RowReadout(
        int kept,
        int[] topIds,
        float[] topLogits,
        float[] logSumExps,
        double[] entropies,
        int[] targetRanks,
        float[] targetLogits,
        Optional<Expectations> expectations,
        float[][] wholeRows,
        List<RankedTokens> ranked) {

    static RowReadout of(
            RowStatistics statistics,
            Optional<Expectations> expectations,
            float[][] wholeRows,
            List<RankedTokens> ranked) {
        int rows = statistics.rows();
        int kept = statistics.kept();
        int targets = statistics.targetsPerRow();
        var readout = new RowReadout(
                kept,
                new int[rows * kept],
                new float[rows * kept],
                new float[rows],
                new double[rows],
                new int[rows * targets],
                new float[rows * targets],
                expectations,
                wholeRows,
                ranked);
        for (int row = 0; row < rows; row++) {
            readout.logSumExps[row] = (float) statistics.logSumExp(row);
            readout.entropies[row] = statistics.entropy(row);
            for (int place = 0; place < kept; place++) {
                readout.topIds[row * kept + place] = statistics.topId(row, place);
                readout.topLogits[row * kept + place] = statistics.topLogit(row, place);
            }
            for (int target = 0; target < targets; target++) {
                boolean exists = statistics.targetId(row, target) >= 0;
                readout.targetRanks[row * targets + target] = statistics.rank(row, target);
                readout.targetLogits[row * targets + target] = exists ? statistics.targetLogit(row, target) : Float.NaN;
            }
        }
        return readout;
    }

    /** The best token's logit minus the second's; needs 2 kept tokens. */
    public float margin(int row) {
        return topLogits[row * kept] - topLogits[row * kept + 1];
    }

    /**
     * The same with exact logits of the best tokens, which are sorted again and correct the log-sum-exp.
     *
     * @param exact [r * c]
     * @param exactlyRanked of the further orders
     */
    RowReadout rescored(float[] exact, List<RankedTokens> exactlyRanked) {
        var ids = new int[topIds.length];
        var logits = new float[topIds.length];
        float[] corrected = Arrays.copyOf(logSumExps, logSumExps.length);
        for (int row = 0; row < corrected.length; row++) {
            int first = row * kept;
            double correction = 1;
            for (int i = first; i < first + kept; i++) {
                correction += Math.exp(exact[i] - logSumExps[row]) - Math.exp(topLogits[i] - logSumExps[row]);
                int place = i;
                while (place > first
                        && BestTokens.comesBefore(exact[i], topIds[i], logits[place - 1], ids[place - 1])) {
                    ids[place] = ids[place - 1];
                    logits[place] = logits[place - 1];
                    place--;
                }
                ids[place] = topIds[i];
                logits[place] = exact[i];
            }
            corrected[row] = (float) (logSumExps[row] + Math.log(correction));
        }
        return new RowReadout(
                kept,
                ids,
                logits,
                corrected,
                entropies,
                targetRanks,
                targetLogits,
                expectations,
                wholeRows,
                exactlyRanked);
    }
}
