package dev.stratalens.report.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.client.fake.HandMadeResult;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LensViewsTest {

    private static final double EXACT = 1e-5;

    /** Blocks 0, 2 and 3 of 4: one is missing. */
    private static final HandMadeResult RUN =
            new HandMadeResult(List.of("a", "b", "c"), List.of(-1, 0, 2, 3), new double[][][] {
                {{1 / 3., 1 / 3., 1 / 3.}, {.5, .25, .25}},
                {{.5, .25, .25}, {.5, .25, .25}},
                {{.25, .5, .25}, {.25, .5, .25}},
                {{.25, .25, .5}, {.5, .25, .25}}
            });

    @Test
    void ranksAndProbabilitiesAreThoseOfTheTarget() {
        FollowedTokens next = FollowedTokens.target(RUN.with(2, LensTarget.nextToken()), 0);
        LensGrid ranks = LensViews.rank(next);
        assertEquals(OptionalDouble.of(1), ranks.at(-1, 0));
        assertEquals(OptionalDouble.of(2), ranks.at(0, 0));
        assertEquals(OptionalDouble.empty(), ranks.at(0, 1));
        assertEquals(.25, LensViews.probability(next).at(3, 0).orElseThrow(), EXACT);
        assertEquals(Math.log(4), LensViews.crossEntropy(next).at(3, 0).orElseThrow(), EXACT);
        assertEquals(3 - Math.log(4), LensViews.logit(next).at(3, 0).orElseThrow(), EXACT);
    }

    @Test
    void statisticsAreThoseOfTheResult() {
        LensResult result = RUN.with(1);
        assertEquals(
                Math.log(3),
                LensViews.statistic(result, Statistic.ENTROPY).at(-1, 0).orElseThrow(),
                EXACT);
        assertEquals(
                0, LensViews.statistic(result, Statistic.KL_FROM_FINAL).at(3, 0).orElseThrow(), EXACT);
        // KL((.25 .25 .5) || (.5 .25 .25)) = .25 ln(1/2) + .5 ln 2 = .25 ln 2
        assertEquals(
                .25 * Math.log(2),
                LensViews.statistic(result, Statistic.KL_FROM_FINAL).at(0, 0).orElseThrow(),
                EXACT);
        // the next requested layer of block 0 is block 2
        assertEquals(
                .25 * Math.log(2),
                LensViews.statistic(result, Statistic.KL_FROM_NEXT).at(0, 0).orElseThrow(),
                EXACT);
        assertEquals(
                OptionalDouble.empty(),
                LensViews.statistic(result, Statistic.KL_FROM_NEXT).at(3, 0));
        assertEquals(3 - Math.log(2), LensViews.bestLogit(result).at(3, 0).orElseThrow(), EXACT);
    }

    @Test
    void statisticsThatWereNotAskedForAreEmpty() {
        LensResult bare = RUN.bare(1);
        assertEquals(
                Optional.empty(), LensViews.statistic(bare, Statistic.ENTROPY).overall());
        assertEquals(
                Optional.empty(),
                LensViews.statistic(bare, Statistic.KL_FROM_FINAL).overPositions(3));
    }

    @Test
    void aLayerIsSummedUpOverThePositionsThatHaveAValue() {
        LensGrid grid = new LensGrid(
                List.of(0),
                List.of(0, 1, 2, 3, 4),
                (layer, position) -> position == 4
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(new double[] {4, 1, 10, 2}[position]));
        assertEquals(Optional.of(new Spread(4, 4.25, 3, 1, 10)), grid.overPositions(0));
        assertThrows(IllegalArgumentException.class, () -> grid.overPositions(1));
        assertThrows(IllegalArgumentException.class, () -> grid.at(0, 5));
    }

    @Test
    void aTargetIsHeldAgainstAnother() {
        LensResult result = RUN.with(1, LensTarget.text("c"), LensTarget.text("a"));
        Contrast contrast = new Contrast(FollowedTokens.target(result, 0), FollowedTokens.target(result, 1));
        assertEquals(-Math.log(2), contrast.logOdds().at(0, 0).orElseThrow(), EXACT);
        assertEquals(Math.log(2), contrast.logOdds().at(3, 0).orElseThrow(), EXACT);
        assertEquals(.25, contrast.probabilityDifference().at(3, 0).orElseThrow(), EXACT);
        assertEquals(OptionalInt.of(3), contrast.aheadFrom(0)); // in block 2 both are equally likely
        assertEquals(OptionalInt.empty(), contrast.aheadFrom(1));
        LensResult other = RUN.with(2, LensTarget.text("a"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Contrast(FollowedTokens.target(result, 0), FollowedTokens.target(other, 0)));
    }

    @Test
    void oneLayerAndOnePositionAreEnough() {
        HandMadeResult tiny = new HandMadeResult(List.of("a", "b"), List.of(0), new double[][][] {{{.9, .1}}});
        LensResult result = tiny.with(1, LensTarget.nextToken(), LensTarget.finalTop());
        assertEquals(
                Optional.empty(),
                LensViews.rank(FollowedTokens.target(result, 0)).overall());
        assertEquals(
                Optional.of(new Spread(1, 1, 1, 1, 1)),
                LensViews.rank(FollowedTokens.target(result, 1)).overall());
        assertEquals(
                Optional.empty(),
                LensViews.statistic(result, Statistic.KL_FROM_NEXT).overall());
        DepthSummary summary = DepthSummary.of(List.of(PositionDepth.of(FollowedTokens.finalTop(result), 0, 1)), 1);
        assertEquals(List.of(), summary.never());
        assertEquals(0, summary.crystallization().orElseThrow().median());
    }
}
