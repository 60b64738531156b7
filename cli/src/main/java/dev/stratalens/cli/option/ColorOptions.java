package dev.stratalens.cli.option;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.ColorMode;
import dev.stratalens.report.figure.ColorMode.Own;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMaps;
import java.util.Iterator;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What colours the heat map of the best tokens. */
public final class ColorOptions {

    public static final String HEADING = "%nColours of the heat map (table, svg, png; the numbers of markdown):%n";

    @Option(
            names = "--color",
            paramLabel = "MODE",
            defaultValue = "probability",
            completionCandidates = Modes.class,
            description = "${COMPLETION-CANDIDATES}; target or rank of the first --target (default: probability).")
    ColorMode color = Own.PROBABILITY;

    /** Values of {@code --color}. */
    static final class Modes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ColorMode.all().stream().map(ColorMode::key).iterator();
        }
    }

    /** Reads a mode; refuses with the list of what there is. */
    static ColorMode mode(String text) {
        return ColorMode.named(text)
                .orElseThrow(() -> new TypeConversionException(
                        "\"%s\" is none of %s".formatted(text, String.join(", ", new Modes()))));
    }

    public boolean isDefault() {
        return color == Own.PROBABILITY;
    }

    /** Asks for what the colour needs and nothing else says. */
    public void addTo(LensOptions lens) {
        if (color.needsTarget() && lens.targets.isEmpty()) {
            lens.targets.add("final-top");
        }
        if (color instanceof ColorMode.OfStatistic needed) {
            String name = needed.statistic().name();
            lens.statistics = lens.statistics.strip().equals("none") ? name : lens.statistics + "," + name;
        }
    }

    /** The best tokens in these colours; the likeliest of the one position where there is but one. */
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
