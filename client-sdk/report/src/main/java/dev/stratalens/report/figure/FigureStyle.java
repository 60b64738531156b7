package dev.stratalens.report.figure;

import java.util.Objects;
import java.util.Optional;

/**
 * The style of a figure.
 *
 * @param theme colors of paper and ink
 * @param width of the whole figure; empty = as its content needs, up to 133 times the font's size
 * @param fontSize of the words in the cells, 4 to 100 pixels; everything else scales with it
 * @param fontFamilies as in CSS; the first available one is used. Widths are those of Helvetica, Arial and their
 *     clones; long words are squeezed into their room if another font is wider
 * @param caption whether title and note are drawn
 */
public record FigureStyle(Theme theme, Optional<Length> width, Length fontSize, String fontFamilies, Caption caption) {

    /** Title and note of a figure: drawn at its top, or only told to who cannot see it, for papers with captions of their own. */
    public enum Caption {
        DRAWN,
        TOLD
    }

    /** Fonts of equal widths on macOS, Windows and Linux, then any font without serifs. */
    public static final String SANS_SERIF = "Helvetica,Arial,Liberation Sans,Nimbus Sans,sans-serif";

    private static final FigureStyle LIGHT =
            new FigureStyle(Theme.LIGHT, Optional.empty(), Length.pixels(12), SANS_SERIF, Caption.DRAWN);

    /** Checks the font size. */
    public FigureStyle {
        Objects.requireNonNull(theme, "theme");
        Objects.requireNonNull(width, "width");
        Objects.requireNonNull(fontFamilies, "fontFamilies");
        if (fontSize.toPixels() < 4 || fontSize.toPixels() > 100) {
            throw new IllegalArgumentException("font size %s is outside 4px .. 100px".formatted(fontSize));
        }
        if (width.isPresent() && width.get().toPixels() < 20 * fontSize.toPixels()) {
            throw new IllegalArgumentException("width %s is too narrow for letters of %s; give %.0fpx or more"
                    .formatted(width.get(), fontSize, 20 * fontSize.toPixels()));
        }
    }

    /** On white, as wide as the content needs, letters of 12 pixels. */
    public static FigureStyle light() {
        return LIGHT;
    }

    /** In other colors. */
    public FigureStyle withTheme(Theme other) {
        return new FigureStyle(other, width, fontSize, fontFamilies, caption);
    }

    /** In another width. */
    public FigureStyle withWidth(Length other) {
        return new FigureStyle(theme, Optional.of(other), fontSize, fontFamilies, caption);
    }

    /** With letters of another size. */
    public FigureStyle withFontSize(Length other) {
        return new FigureStyle(theme, width, other, fontFamilies, caption);
    }

    /** In other fonts. */
    public FigureStyle withFontFamilies(String other) {
        return new FigureStyle(theme, width, fontSize, other, caption);
    }

    /** With title and note, or without. */
    public FigureStyle withCaption(Caption other) {
        return new FigureStyle(theme, width, fontSize, fontFamilies, other);
    }
}
