package dev.stratalens.report.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.request.Statistic;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColorScaleTest {

    @Test
    void valuesBeyondTheScaleStandAtItsEndsAndNaNStaysNaN() {
        ColorScale scale = ColorScale.sequential("entropy", "nats", 2, 6);
        assertEquals(0.25, scale.position(3));
        assertEquals(0, scale.position(1));
        assertEquals(1, scale.position(7));
        assertTrue(Double.isNaN(scale.position(Double.NaN)));
        assertEquals("entropy (nats)", scale.name());
    }

    @Test
    void theBestRankIsTheBrightestAndTenfoldRanksAreEvenlySpaced() {
        ColorScale scale = ColorScale.rank("rank", 10_000, 10);
        assertEquals(1, scale.position(1));
        assertEquals(0.75, scale.position(10), 1e-12);
        assertEquals(0, scale.position(10_000), 1e-12);
        assertEquals(List.of("10000", "1000", "100", "10", "1"), texts(scale));
    }

    @Test
    void aStatisticIsStrongestAtItsSurerEnd() {
        ColorScale entropy = ColorScale.statistic(Statistic.ENTROPY, 0, 1, 4);
        assertEquals(1, entropy.position(0));
        assertEquals(0, entropy.position(4));
        assertEquals(List.of("4", "3", "2", "1", "0"), texts(entropy));
        assertEquals("entropy (nats)", entropy.name());
        ColorScale lead = ColorScale.statistic(FigureResults.MADE_UP, 0, 1, 4);
        assertEquals(0.25, lead.position(2));
        assertEquals("made-up lead (bits)", lead.name());
    }

    @Test
    void differencesHaveTheirMiddleAtZero() {
        ColorScale scale = ColorScale.diverging("difference", "", 0.4);
        assertEquals(0.5, scale.position(0));
        assertEquals(0.25, scale.position(-0.2), 1e-12);
        assertEquals(List.of("-0.4", "-0.2", "0", "0.2", "0.4"), texts(scale));
    }

    @Test
    void aRangeOfNothingIsWidenedAndOneThatIsNoneRefused() {
        assertEquals(0, ColorScale.sequential("KL", "nats", 0, 0).position(0));
        assertEquals(0.5, ColorScale.diverging("difference", "", 0).position(0));
        assertThrows(IllegalArgumentException.class, () -> ColorScale.sequential("KL", "nats", Double.NaN, 1));
    }

    @Test
    void lightnessGrowsOnADarkPageAndFallsOnPaperAndTextIsReadableOnEveryColor() {
        double before = -1;
        double beforeOnPaper = 2;
        for (int i = 0; i <= 100; i++) {
            double now = luminance(ColorRamp.SEQUENTIAL.rgb(Theme.DARK, i / 100.0));
            double nowOnPaper = luminance(ColorRamp.SEQUENTIAL.rgb(Theme.LIGHT, i / 100.0));
            assertTrue(now > before && nowOnPaper < beforeOnPaper, "at " + i);
            before = now;
            beforeOnPaper = nowOnPaper;
        }
        for (Theme theme : Theme.values()) {
            for (ColorRamp ramp : ColorRamp.values()) {
                for (int i = 0; i <= 100; i++) {
                    double place = i / 100.0;
                    double background = luminance(ramp.rgb(theme, place));
                    double contrast =
                            ramp.isLight(theme, place) ? (background + 0.05) / 0.05 : 1.05 / (background + 0.05);
                    assertTrue(contrast >= 4.5, ramp + " at " + i + ": " + contrast);
                }
            }
        }
    }

    @Test
    void twoColorsHaveNothingBetween() {
        ColorScale scale = ColorScale.twoValued("as the output", "no", "yes");
        assertEquals(ColorRamp.TWO_COLORS.rgb(Theme.DARK, 0), ColorRamp.TWO_COLORS.rgb(Theme.DARK, 0.49));
        assertFalse(scale.ramp().isLight(Theme.DARK, 0));
        assertTrue(scale.ramp().isLight(Theme.DARK, 1));
        assertTrue(scale.ramp().isLight(Theme.LIGHT, 0));
        assertEquals(List.of("no", "yes"), texts(scale));
    }

    @Test
    void probabilitiesTakeThreeCharacters() {
        assertEquals(".00", NumberText.probability(0.0049));
        assertEquals(".07", NumberText.probability(0.074));
        assertEquals(".99", NumberText.probability(0.994));
        assertEquals("1.0", NumberText.probability(0.995));
        assertEquals("-", NumberText.probability(Double.NaN));
    }

    @Test
    void numbersHaveNoNegativeZero() {
        assertEquals("0.00", NumberText.decimals(-0.001));
        assertEquals("3.14", NumberText.decimals(3.14159));
        assertEquals("-", NumberText.decimals(Double.NaN));
        assertEquals("+0.00", NumberText.signed(-0.001));
        assertEquals("-0.25", NumberText.signed(-0.25));
        assertEquals("0.5", NumberText.plain(0.5));
        assertEquals("100", NumberText.plain(100));
        assertEquals("0", NumberText.plain(-0.0));
    }

    private static List<String> texts(ColorScale scale) {
        return scale.ticks().stream().map(ColorScale.Tick::text).toList();
    }

    /** Relative luminance as WCAG 2 defines it. */
    private static double luminance(int rgb) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double channel = (rgb >> (16 - 8 * i) & 0xFF) / 255.0;
            sum += weights[i] * (channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
