package dev.stratalens.cli.output;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.report.figure.FigureStyle;
import dev.stratalens.report.figure.FigureStyle.Caption;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.Length;
import dev.stratalens.report.figure.Theme;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How pictures look. What concerns one format only is ignored by the others. */
public final class FigureOptions {

    public static final String HEADING = "%nPictures (svg and png; --stride: table and markdown, too):%n";

    private static final int LARGEST_SCALE = 8;

    @Option(
            names = "--stride",
            paramLabel = "N",
            defaultValue = "1",
            description = "Show every n-th layer, and the last (default: 1).")
    int stride = 1;

    @Option(
            names = "--theme",
            paramLabel = "THEME",
            defaultValue = "light",
            description = "light or dark (default: light).")
    ThemeChoice theme = ThemeChoice.LIGHT;

    @Option(
            names = "--width",
            paramLabel = "LENGTH",
            description =
                    "Of the picture: 600, 600px, 180mm, 7in; columns that do not fit stand below (default: as needed).")
    @Nullable
    String width;

    @Option(
            names = "--font-size",
            paramLabel = "LENGTH",
            defaultValue = "12px",
            description = "Of the words: 12px, 7pt (default: 12px).")
    String fontSize = "12px";

    @Option(
            names = "--no-caption",
            description =
                    "Leave out title and note, for a paper with a caption of its own. An SVG still tells them to readers.")
    boolean noCaption;

    @Option(
            names = "--scale",
            paramLabel = "N",
            defaultValue = "2",
            description = "Pixels of a PNG for each of the picture's own, up to 8 (default: 2).")
    public double scale = 2;

    /** Values of {@code --theme}. */
    enum ThemeChoice {
        LIGHT(Theme.LIGHT),
        DARK(Theme.DARK);

        private final Theme theme;

        ThemeChoice(Theme theme) {
            this.theme = theme;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Refuses what cannot be drawn, before anything is computed. */
    public void check() {
        style();
        if (stride < 1) {
            throw CliException.usage("--stride %d is below 1; 2 shows every other layer.".formatted(stride));
        }
        if (!(scale > 0 && scale <= LARGEST_SCALE)) {
            throw CliException.usage("--scale %s is outside 0 .. %d.".formatted(scale, LARGEST_SCALE));
        }
    }

    public FigureStyle style() {
        FigureStyle style =
                FigureStyle.light().withTheme(theme.theme).withCaption(noCaption ? Caption.TOLD : Caption.DRAWN);
        try {
            style = style.withFontSize(Length.parse(fontSize));
            return width == null ? style : style.withWidth(Length.parse(width));
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--width, --font-size: %s.".formatted(e.getMessage()));
        }
    }

    public HeatMap strided(HeatMap map) {
        return map.withStride(stride);
    }
}
