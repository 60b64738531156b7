package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.parity.ParityCase;
import java.util.List;
import java.util.stream.IntStream;

/** Compares every number of a cell with transformers, within the documented float32 tolerances. */
record CellParity(ParityCase expected, ParityCase model) {

    static final int TOP_K = 10;
    static final int NEXT = 0;
    static final int FINAL_TOP = 1;
    static final int NAMED = 2;
    static final int NAMED_ID = 7;
    static final float TIE = 1e-4f;

    /** Absolute and relative. */
    static final float TOLERANCE = 1e-3f;

    /** The targets of the plans that are compared. */
    static final List<PlannedTarget> TARGETS = List.of(
            new PlannedTarget(new RequestedTarget.NextToken(), List.of()),
            new PlannedTarget(new RequestedTarget.FinalTop(), List.of()),
            new PlannedTarget(new RequestedTarget.TokenId(NAMED_ID), List.of(NAMED_ID)));

    /**
     * Compares a cell.
     *
     * @param layer its layer in the recorded values
     */
    void assertCell(FinalTargets targets, CellReadout readout, int layer, int position) {
        String cell = "layer %d, position %d".formatted(layer, position);
        assertClose(
                expected.logSumExp(layer, position),
                readout.columns().of(Statistic.LOG_SUM_EXP)[position],
                cell + ": log-sum-exp");
        assertClose(
                expected.entropy(layer, position),
                readout.columns().of(Statistic.ENTROPY)[position],
                cell + ": entropy");
        assertClose(
                expected.klFromFinal(layer, position),
                readout.columns().of(Statistic.KL_FROM_FINAL)[position],
                cell + ": KL from final");
        assertClose(
                expected.klFromNext(layer, position),
                readout.columns().of(Statistic.KL_FROM_NEXT)[position],
                cell + ": KL from next");
        assertClose(
                -expected.nextTokenLogProb(layer, position),
                readout.columns().of(Statistic.CROSS_ENTROPY)[position],
                cell + ": cross-entropy");
        float[] first = expected.topLogProbs(layer, position);
        assertClose(first[0] - first[1], readout.columns().of(Statistic.MARGIN)[position], cell + ": margin");
        assertTop(readout, layer, position, cell);
        assertTarget(
                expected.nextTokenRank(layer, position),
                expected.nextTokenLogProb(layer, position),
                readout,
                position,
                NEXT,
                cell);
        assertTarget(
                expected.finalTopRank(layer, position),
                expected.finalTopLogProb(layer, position),
                readout,
                position,
                FINAL_TOP,
                cell);
        int best = model.topIds(model.layers() - 1, position)[0];
        assertEquals(best, targets.targetIds()[position * TARGETS.size() + FINAL_TOP], cell);
        assertEquals(NAMED_ID, targets.targetIds()[position * TARGETS.size() + NAMED], cell);
    }

    /** Ids may differ where log-probabilities tie. */
    private void assertTop(CellReadout readout, int layer, int position, String cell) {
        int[] ids = expected.topIds(layer, position);
        float[] logProbs = expected.topLogProbs(layer, position);
        for (int i = 0; i < TOP_K; i++) {
            float actual = readout.topLogProbs()[position * TOP_K + i];
            assertClose(logProbs[i], actual, cell + ": log-probability of the best, place " + i);
            int id = readout.topIds()[position * TOP_K + i];
            int place = i;
            boolean tied = IntStream.range(0, TOP_K)
                    .anyMatch(j -> ids[j] == id && Math.abs(logProbs[j] - logProbs[place]) <= TIE);
            boolean tiedWithTheFirstLeftOut = Math.abs(logProbs[TOP_K - 1] - actual) <= TIE;
            assertTrue(ids[i] == id || tied || tiedWithTheFirstLeftOut, cell + ": id at place " + i);
        }
    }

    private static void assertTarget(
            int expectedRank, float expectedLogProb, CellReadout readout, int position, int target, String cell) {
        int actual = readout.targetRanks()[position * TARGETS.size() + target];
        String what = cell + ": target " + target;
        assertClose(expectedLogProb, readout.targetLogProbs()[position * TARGETS.size() + target], what);
        // A near tie may move the rank by one.
        assertEquals(expectedRank, actual, expectedRank == 0 ? 0 : 1, what + ": rank");
    }

    static void assertClose(float expected, float actual, String what) {
        if (Float.isNaN(expected)) {
            assertTrue(Float.isNaN(actual), what + " is undefined");
        } else {
            assertEquals(expected, actual, TOLERANCE + TOLERANCE * Math.abs(expected), what);
        }
    }
}
