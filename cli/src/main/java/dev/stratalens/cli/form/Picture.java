package dev.stratalens.cli.form;

import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;

/** What a picture shows: coloured cells or curves. */
public sealed interface Picture {

    /** Coloured cells. */
    record Cells(HeatMap map) implements Picture {}

    /** Curves. */
    record Curves(LineChart chart) implements Picture {}
}
