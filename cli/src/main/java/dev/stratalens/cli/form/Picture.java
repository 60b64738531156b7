package dev.stratalens.cli.form;

import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;

/** What a picture shows: colored cells or curves. */
public sealed interface Picture {

    /** Colored cells. */
    record Cells(HeatMap map) implements Picture {}

    /** Curves. */
    record Curves(LineChart chart) implements Picture {}
}
