package dev.stratalens.report.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.fake.RandomResult;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.ColorMode.Own;
import dev.stratalens.report.figure.HeatMap.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeatMapsTest {

    private static final String LOW_PRECISION = ", low precision: ranks, entropy and KL are approximate";
    private static final LensResult FRANCE = FigureResults.france();
    private static final int NEXT = 0;
    private static final int PARIS = 1;
    private static final int LAST = 5;

    @ParameterizedTest
    @MethodSource("dev.stratalens.report.figure.FigureResults#modes")
    void everyModeShowsTheBestTokensByLayersAndPositions(ColorMode mode) {
        HeatMap map = HeatMaps.bestTokens(FRANCE, mode, PARIS);
        assertEquals(List.of("embed", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), map.rows());
        assertEquals(List.of("position", "token"), map.headNames());
        assertEquals(List.of("5", "·is"), map.columns().get(LAST).head());
        assertEquals("·Paris", cell(map, 9, LAST).word());
        assertTrue(map.title().startsWith("Likeliest next token"), map.title());
        map.columns().stream()
                .flatMap(column -> column.cells().stream())
                .filter(cell -> !Double.isNaN(cell.value()))
                .forEach(cell -> assertTrue(map.scale().position(cell.value()) >= 0, cell.toString()));
    }

    @Test
    void valuesAreThoseOfTheResult() {
        assertEquals(FRANCE.top(3, 2).probability(), value(Own.PROBABILITY, 3, 2));
        assertEquals(
                Math.exp(
                        FRANCE.targetLogProb(LensTarget.text(" Paris"), 3, LAST).orElseThrow()),
                value(Own.TARGET, 3, LAST));
        assertEquals(FRANCE.rank(LensTarget.text(" Paris"), 3, LAST).orElseThrow(), value(Own.RANK, 3, LAST));
        assertEquals(FRANCE.entropy(3, 2).orElseThrow(), value(of(Statistic.ENTROPY), 3, 2));
        assertEquals(FRANCE.klFromFinal(3, 2).orElseThrow(), value(of(Statistic.KL_FROM_FINAL), 3, 2));
        assertEquals(FRANCE.klFromNext(3, 2).orElseThrow(), value(of(Statistic.KL_FROM_NEXT), 3, 2));
        assertEquals(FRANCE.top(3, 2).logProb() + (double) FRANCE.logSumExp(3, 2), value(Own.LOGIT, 3, 2));
        assertEquals(1, value(Own.AGREEMENT, 9, LAST));
        assertEquals(0, value(Own.AGREEMENT, 0, LAST));
    }

    @Test
    void whatDoesNotExistIsNaN() {
        assertTrue(Double.isNaN(value(of(Statistic.KL_FROM_NEXT), 9, 2)));
        HeatMap next = HeatMaps.target(FRANCE, NEXT);
        assertEquals(Cell.EMPTY, cell(next, 9, LAST));
        assertEquals("-", next.columns().get(LAST).head().get(2));
    }

    @Test
    void aTargetOfEachPositionStandsInTheHead() {
        HeatMap next = HeatMaps.target(FRANCE, NEXT);
        assertEquals(List.of("position", "token", "target"), next.headNames());
        assertEquals(List.of("3", "·of", "⇒·France"), next.columns().get(3).head());
        assertEquals(new Cell("1", 1, "1.0"), cell(HeatMaps.target(FRANCE, PARIS), 9, LAST));
    }

    @Test
    void theTopKOfAPositionHasAColumnAPlace() {
        HeatMap top = HeatMaps.topK(FRANCE, LAST);
        assertEquals(
                List.of(List.of("#1"), List.of("#2")),
                top.columns().stream().map(HeatMap.Column::head).toList());
        assertEquals(
                FRANCE.topK(4, LAST).get(1).token().display(), cell(top, 4, 1).word());
    }

    @Test
    void aTargetThatIsNotThereIsRefusedWithTheRemedy() {
        String message = assertThrows(IllegalArgumentException.class, () -> HeatMaps.bestTokens(FRANCE, Own.RANK, 2))
                .getMessage();
        assertEquals(
                "the result has 2 targets and no target 2; ask with LensRequest.Builder.target (--target on the"
                        + " command line)",
                message);
    }

    @Test
    void theNoteSaysWhichOfSeveralLensesIsShown() {
        LensResult both = RandomResult.of(
                1, LensRequest.of("p").lenses(Lens.logit(), Lens.raw()).build());
        assertEquals(
                "tiny, lens raw (of logit, raw)",
                HeatMaps.topK(both.through(Lens.raw()), 0).note().replace(LOW_PRECISION, ""));
        LensResult raw =
                RandomResult.of(1, LensRequest.of("p").lenses(Lens.raw()).build());
        assertEquals(
                "tiny, decoded without the final norm",
                HeatMaps.topK(raw, 0).note().replace(LOW_PRECISION, ""));
    }

    @Test
    void aStrideKeepsTheFirstAndTheLastRow() {
        HeatMap map = HeatMaps.topK(FRANCE, LAST);
        HeatMap strided = map.withStride(4);
        assertEquals(List.of("embed", "3", "7", "9"), strided.rows());
        assertEquals(cell(map, 9, 0), strided.columns().get(0).cells().get(3));
        assertTrue(strided.title().endsWith("(every 4th layer and the last)"), strided.title());
        assertEquals(map, map.withStride(1));
        assertThrows(IllegalArgumentException.class, () -> map.withStride(0));
    }

    @Test
    void lengthsAreReadInEveryUnit() {
        assertEquals(600, Length.parse("600").toPixels());
        assertEquals(96, Length.parse("1in").toPixels(), 1e-9);
        assertEquals(96, Length.parse("72 pt").toPixels(), 1e-9);
        assertEquals(96, Length.parse("25.4MM").toPixels(), 1e-9);
        assertEquals(Length.parse("2.54cm").toPixels(), Length.pixels(96).toPixels(), 1e-9);
        for (String wrong : List.of("", "mm", "-3mm", "0", "1e9", "5em", "wide")) {
            assertThrows(IllegalArgumentException.class, () -> Length.parse(wrong), wrong);
        }
    }

    @Test
    void columnsMustFitTheRows() {
        HeatMap map = HeatMaps.topK(FRANCE, LAST);
        assertThrows(
                IllegalArgumentException.class,
                () -> new HeatMap("", "", "layer", List.of("0"), map.headNames(), map.columns(), map.scale()));
    }

    private static ColorMode of(Statistic statistic) {
        return new ColorMode.OfStatistic(statistic);
    }

    private static double value(ColorMode mode, int layer, int position) {
        return cell(HeatMaps.bestTokens(FRANCE, mode, PARIS), layer, position).value();
    }

    private static Cell cell(HeatMap map, int layer, int column) {
        return map.columns().get(column).cells().get(layer + 1);
    }
}
