package dev.stratalens.cli.output;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.Choice;
import dev.stratalens.cli.selection.LensOptions;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.ColorMode;
import dev.stratalens.report.figure.ColorMode.Own;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMaps;
import picocli.CommandLine.Option;

/** What colors the heat map of the best tokens. */
public final class ColorOptions {

    public static final String HEADING = "%nColors of the heat map (table, svg, png; the numbers of markdown):%n";

    @Option(
            names = "--color",
            paramLabel = "MODE",
            defaultValue = "probability",
            converter = Modes.class,
            completionCandidates = Modes.class,
            description = "${COMPLETION-CANDIDATES}; target or rank of the first --target (default: probability).")
    ColorMode color = Own.PROBABILITY;

    /** Values of {@code --color}. */
    static final class Modes extends Choice<ColorMode> {
        Modes() {
            super(ColorMode.all(), ColorMode::key);
        }
    }

    public boolean isDefault() {
        return color == Own.PROBABILITY;
    }

    /** Asks for what the color needs and nothing else says. */
    public void addTo(LensOptions lens) {
        if (color.needsTarget() && lens.targets.isEmpty()) {
            lens.targets.add("final-top");
        }
        if (color instanceof ColorMode.OfStatistic needed) {
            String name = needed.statistic().name();
            lens.statistics = lens.statistics.strip().equals("none") ? name : lens.statistics + "," + name;
        }
    }

    /** The best tokens in these colors; the likeliest tokens of the position where there is only one. */
    public HeatMap heatMap(LensResult result) {
        try {
            return result.positions().size() == 1 && isDefault()
                    ? HeatMaps.topK(result, result.positions().get(0))
                    : HeatMaps.bestTokens(result, color, 0);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--color %s: %s.".formatted(color.key(), e.getMessage()));
        }
    }
}
