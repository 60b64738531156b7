package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.lens.generation.NewToken;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Compares a generated text with an analysis of it as one prompt. */
final class WrittenParity {

    /** Absolute and relative: twice that of parity, since both sides are computed in float32. */
    static final float TOLERANCE = 2 * CellParity.TOLERANCE;

    private WrittenParity() {}

    /**
     * Compares all numbers of a generation with those of an analysis of its text.
     *
     * @param plan of the whole text
     * @param whole its result
     */
    static void assertIsAnalysis(LensPlan plan, RecordingListener whole, int promptLength, WrittenText text) {
        assertEquals(plan.tokenIds().length, promptLength + text.tokens.size());
        for (int position = 0; position < plan.tokenIds().length; position++) {
            int row = Math.max(0, position - promptLength + 1);
            int at = row == 0 ? position : 0;
            RecordingListener part = text.rows.get(row);
            String where = "position " + position;
            assertClose(
                    whole.targets().finalTopLogProbs()[position], part.targets().finalTopLogProbs()[at], where);
            int targets = plan.targets().size();
            assertEquals(
                    whole.targets().targetIds()[position * targets],
                    part.targets().targetIds()[at * targets],
                    where);
            for (int layer = 0; layer < whole.layers.size(); layer++) {
                CellReadout expected = whole.layers.get(layer);
                CellReadout actual = part.layers.get(layer);
                assertCell(plan, expected, actual, position, at, where + ", layer " + layer);
            }
            if (plan.minimumPeak().isPresent()) {
                assertTrajectory(whole.trajectories.get(position), part.trajectories.get(at), where);
            }
            assertSettled(text, whole, position, promptLength);
        }
    }

    private static void assertCell(
            LensPlan plan, CellReadout expected, CellReadout actual, int position, int at, String where) {
        int topK = plan.topK();
        for (int i = 0; i < topK; i++) {
            assertClose(expected.topLogProbs()[position * topK + i], actual.topLogProbs()[at * topK + i], where);
        }
        for (Statistic statistic : plan.statistics()) {
            assertClose(
                    expected.columns().of(statistic)[position],
                    actual.columns().of(statistic)[at],
                    where + ", " + statistic);
        }
        int targets = plan.targets().size();
        for (int i = 0; i < targets; i++) {
            assertClose(
                    expected.targetLogProbs()[position * targets + i],
                    actual.targetLogProbs()[at * targets + i],
                    where + ", target " + i);
            int rank = expected.targetRanks()[position * targets + i];
            int found = actual.targetRanks()[at * targets + i];
            assertTrue(
                    rank == found || (rank > 0 && Math.abs(rank - found) <= 1),
                    where + ", rank " + rank + ", " + found);
        }
    }

    /** Near ties may track other tokens. */
    private static void assertTrajectory(PositionTrajectory expected, PositionTrajectory actual, String where) {
        int points = expected.logProbs().length / Math.max(1, expected.tokenIds().length);
        int compared = 0;
        for (int i = 0; i < actual.tokenIds().length; i++) {
            int row = Arrays.binarySearch(expected.tokenIds(), actual.tokenIds()[i]);
            for (int point = 0; row >= 0 && point < points; point++) {
                assertClose(expected.logProbs()[row * points + point], actual.logProbs()[i * points + point], where);
                compared++;
            }
        }
        assertTrue(compared > 0, where);
    }

    private static void assertSettled(WrittenText text, RecordingListener whole, int position, int promptLength) {
        int index = position - promptLength + 1;
        if (index < 0 || index >= text.tokens.size()) {
            return;
        }
        NewToken token = text.tokens.get(index);
        assertEquals(position + 1, token.position());
        List<CellReadout> layers =
                whole.layers.stream().filter(each -> each.lens() == 0).toList();
        int topK = layers.get(0).topIds().length / layers.get(0).logSumExps().length;
        IntUnaryOperator best = layer -> layers.get(layer).topIds()[position * topK];
        OptionalInt settled = token.found().settledFrom();
        int last = layers.size() - 1;
        assertEquals(best.applyAsInt(last) == token.found().id(), settled.isPresent(), "settled at all");
        settled.ifPresent(from -> {
            assertFalse(IntStream.rangeClosed(from, last)
                    .anyMatch(layer -> best.applyAsInt(layer) != token.found().id()));
            assertTrue(from == 0 || best.applyAsInt(from - 1) != token.found().id());
        });
    }

    static void assertClose(float expected, float actual, String what) {
        if (Float.isNaN(expected)) {
            assertTrue(Float.isNaN(actual), what + ": should not exist, but is " + actual);
            return;
        }
        assertEquals(expected, actual, TOLERANCE + TOLERANCE * Math.abs(expected), what);
    }
}
