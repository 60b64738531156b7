package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.report.figure.ColorRamp;
import org.junit.jupiter.api.Test;

class HeatScaleTest {

    @Test
    void plainTextStaysAsItIs() {
        assertEquals(" x ", new HeatScale(ColorDepth.PLAIN).paint(" x ", ColorRamp.SEQUENTIAL, 0.9));
    }

    @Test
    void trueColorGoesFromDarkBlueToYellowAndKeepsTheTextReadable() {
        HeatScale scale = new HeatScale(ColorDepth.TRUE_COLOR);
        assertEquals("\033[38;2;255;255;255;48;2;0;34;78mx\033[0m", scale.paint("x", ColorRamp.SEQUENTIAL, 0));
        assertEquals("\033[38;2;0;0;0;48;2;254;232;56mx\033[0m", scale.paint("x", ColorRamp.SEQUENTIAL, 1));
    }

    @Test
    void theCubeGoesFromBlueToYellow() {
        HeatScale scale = new HeatScale(ColorDepth.COLORS_256);
        assertEquals("\033[38;5;231;48;5;17mx\033[0m", scale.paint("x", ColorRamp.SEQUENTIAL, 0));
        assertEquals("\033[38;5;16;48;5;227mx\033[0m", scale.paint("x", ColorRamp.SEQUENTIAL, 1));
    }

    @Test
    void sixteenColorsHaveFourSteps() {
        HeatScale scale = new HeatScale(ColorDepth.COLORS_16);
        assertEquals("\033[97;44mx\033[0m", scale.paint("x", ColorRamp.SEQUENTIAL, 0.1));
        assertEquals("\033[30;103mx\033[0m", scale.paint("x", ColorRamp.SEQUENTIAL, 0.9));
    }

    @Test
    void shadesGrowDenser() {
        HeatScale scale = new HeatScale(ColorDepth.SHADES);
        assertEquals(" x", scale.paint("x", ColorRamp.SEQUENTIAL, 0));
        assertEquals("▒x", scale.paint("x", ColorRamp.SEQUENTIAL, 0.5));
        assertEquals("█x", scale.paint("x", ColorRamp.SEQUENTIAL, 1));
    }

    @Test
    void cellsWithoutANumberKeepTheirPlace() {
        assertEquals("x", new HeatScale(ColorDepth.TRUE_COLOR).paint("x", ColorRamp.SEQUENTIAL, Double.NaN));
        assertEquals(" x", new HeatScale(ColorDepth.SHADES).paint("x", ColorRamp.SEQUENTIAL, Double.NaN));
    }

    @Test
    void valuesOutsideTheScaleAreHeldAtItsEnds() {
        HeatScale scale = new HeatScale(ColorDepth.TRUE_COLOR);
        assertEquals(scale.paint("x", ColorRamp.SEQUENTIAL, 1), scale.paint("x", ColorRamp.SEQUENTIAL, 1.0000001));
        assertTrue(scale.paint("x", ColorRamp.SEQUENTIAL, -1e-9).contains("0;34;78"));
    }
}
