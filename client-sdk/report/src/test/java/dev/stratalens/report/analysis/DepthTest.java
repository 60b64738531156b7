package dev.stratalens.report.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.fake.HandMadeResult;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DepthTest {

    private static final double[] A = {.6, .3, .1};
    private static final double[] B = {.3, .6, .1};
    private static final double[] C = {.1, .3, .6};

    /** The final token of each position is b. It settles at 2 after a loss, at 0, and at 5. */
    private static final HandMadeResult RUN =
            new HandMadeResult(List.of("a", "b", "c"), List.of(-1, 0, 1, 2, 3, 4, 5), new double[][][] {
                {B, A, B}, {B, B, C}, {A, B, C}, {B, B, C}, {B, B, C}, {B, B, A}, {B, B, B}
            });

    @Test
    void aPositionIsReadFromItsFirstAppearanceToItsCrystallization() {
        LensResult result = RUN.with(1);
        PositionDepth lost = depth(result, 0, 1);
        assertEquals(OptionalInt.of(0), lost.firstAppearance());
        assertEquals(OptionalInt.of(2), lost.crystallization());
        assertTrue(lost.isRegained());
        PositionDepth late = depth(result, 2, 1);
        assertEquals(OptionalInt.of(5), late.crystallization()); // the embedding does not count
        assertFalse(late.isRegained());
        assertEquals("b", late.prediction().token().text());
    }

    @Test
    void theFirstLayerWithinARankIsThatOfWhatIsFollowed() {
        LensResult result = RUN.with(1, LensTarget.finalTop(), LensTarget.text("c"));
        assertEquals(OptionalInt.of(0), depth(result, 2, 2).firstWithin());
        assertEquals(
                OptionalInt.of(0),
                PositionDepth.of(FollowedTokens.target(result, 1), 2, 1).firstWithin());
        assertEquals(
                OptionalInt.empty(),
                PositionDepth.of(FollowedTokens.target(result, 1), 1, 2).firstWithin());
        assertThrows(IllegalArgumentException.class, () -> depth(result, 0, 0));
    }

    @Test
    void positionsAreSummedUp() {
        LensResult result = RUN.with(1);
        List<PositionDepth> depths = result.positions().stream()
                .map(position -> depth(result, position, 1))
                .toList();
        DepthSummary summary = DepthSummary.of(depths, 6);
        assertEquals(3, summary.positions());
        assertEquals(2, summary.crystallization().orElseThrow().median());
        assertEquals(List.of(1), summary.early());
        assertEquals(List.of(2), summary.late());
        assertEquals(List.of(), summary.never());
        assertEquals(0, summary.neverShare());
    }

    @Test
    void aPositionThatTheLastAskedLayerDoesNotDecideNeverCrystallizes() {
        PositionDepth never = new PositionDepth(
                4, RUN.with(1).finalTop(0), OptionalInt.empty(), OptionalInt.of(1), OptionalInt.empty());
        DepthSummary summary = DepthSummary.of(List.of(never), 6);
        assertEquals(List.of(4), summary.never());
        assertEquals(1, summary.neverShare());
        assertTrue(summary.crystallization().isEmpty());
        assertEquals(1, summary.firstAppearance().orElseThrow().mean());
        assertEquals(0, DepthSummary.of(List.of(), 6).neverShare());
    }

    @Test
    void everyBlockIsEarlyMiddleOrLate() {
        for (int blocks = 1; blocks <= 12; blocks++) {
            int count = blocks;
            List<PositionDepth> each = IntStream.range(0, count)
                    .mapToObj(block -> new PositionDepth(
                            block,
                            RUN.with(1).finalTop(0),
                            OptionalInt.of(block),
                            OptionalInt.of(block),
                            OptionalInt.of(0)))
                    .toList();
            DepthSummary summary = DepthSummary.of(each, count);
            assertEquals(count / 3, summary.early().size(), "early of " + count);
            assertEquals(count / 3, summary.late().size(), "late of " + count);
        }
    }

    @Test
    void finalistsAreThePredictionAndItsRunnersUp() {
        LensResult result = RUN.with(2);
        List<TokenCurve> curves = TokenCurve.finalists(result, 2, 5);
        assertEquals(List.of("b", "a"), curves.stream().map(TokenCurve::name).toList());
        assertEquals(RUN.layers(), curves.get(0).layers());
        assertEquals(.6, curves.get(0).probability(6).orElseThrow(), 1e-6);
        assertEquals(OptionalInt.of(2), curves.get(0).ranks().get(1));
        assertEquals(1, TokenCurve.finalists(result, 2, 1).size());
    }

    @Test
    void highestPeaksFindWhoLedOnTheWay() {
        LensResult result = RUN.with(1);
        List<TokenCurve> curves = TokenCurve.highestPeaks(result, 2, 3);
        assertEquals(3, curves.size());
        assertEquals(
                List.of("a", "b", "c"),
                curves.stream().map(TokenCurve::name).sorted().toList());
        assertEquals(List.of(), TokenCurve.highestPeaks(RUN.bare(1), 2, 3));
        TokenCurve ofNothing = TokenCurve.of(FollowedTokens.target(RUN.bare(1, LensTarget.nextToken()), 0), 2);
        assertEquals(List.of(), ofNothing.tokens());
        assertEquals(OptionalDouble.empty(), ofNothing.probability(0));
    }

    private static PositionDepth depth(LensResult result, int position, int rank) {
        return PositionDepth.of(FollowedTokens.finalTop(result), position, rank);
    }
}
