package dev.stratalens.cli.option;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.ColorMode;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMaps;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What colours the heat map of the best tokens. */
public final class ColorOptions {

    public static final String HEADING = "%nColours of the heat map (table, svg, png; the numbers of markdown):%n";

    @Option(
            names = "--color",
            paramLabel = "MODE",
            defaultValue = "probability",
            description = "probability, entropy, kl (to the output), kl-next (to the next"
                    + " layer), logit, agreement (with the output); target or rank of the first --target"
                    + " (default: probability).")
    Mode color = Mode.PROBABILITY;

    /** Values of {@code --color}. */
    enum Mode {
        PROBABILITY,
        TARGET,
        RANK,
        ENTROPY,
        KL,
        KL_NEXT,
        LOGIT,
        AGREEMENT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public boolean isDefault() {
        return color == Mode.PROBABILITY;
    }

    /** Asks for what the colour needs and nothing else says. */
    public void addTo(LensOptions lens) {
        if (mode().needsTarget() && lens.targets.isEmpty()) {
            lens.targets.add("final-top");
        }
        String needed = switch (color) {
            case ENTROPY, KL, KL_NEXT -> color.toString();
            default -> "";
        };
        if (!needed.isEmpty()) {
            lens.statistics = lens.statistics.strip().equals("none") ? needed : lens.statistics + "," + needed;
        }
    }

    /** The best tokens in these colours; the likeliest of the one position where there is but one. */
    public HeatMap heatMap(LensResult result) {
        try {
            return result.positions().size() == 1 && isDefault()
                    ? HeatMaps.topK(result, result.positions().get(0))
                    : HeatMaps.bestTokens(result, mode(), 0);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--color %s: %s.".formatted(color, e.getMessage()));
        }
    }

    private ColorMode mode() {
        return ColorMode.valueOf(color.name());
    }
}
