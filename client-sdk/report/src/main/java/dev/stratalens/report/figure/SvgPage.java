package dev.stratalens.report.figure;

import java.util.ArrayList;
import java.util.List;

/** The frame of a figure: the file's head, the paper, title and note at the top. */
final class SvgPage {

    /** If none of the wanted fonts is available, the replacement may be wider by this factor. */
    private static final double OTHER_FONTS = 1.2;

    private final FigureStyle style;
    private final double width;
    private final double fontSize;
    private final List<String> titleLines;
    private final List<String> noteLines;

    /**
     * A page.
     *
     * @param width in pixels
     */
    SvgPage(String title, String note, FigureStyle style, double width) {
        this.style = style;
        this.width = width;
        this.fontSize = style.fontSize().toPixels();
        double room = width - 2 * margin();
        boolean drawn = style.caption() == FigureStyle.Caption.DRAWN;
        titleLines = drawn ? wrap(title, room / 1.08 / OTHER_FONTS, titleSize()) : List.of();
        noteLines = drawn ? wrap(note, room / OTHER_FONTS, fontSize) : List.of();
    }

    /** Empty room at the edges. */
    double margin() {
        return Math.round(fontSize);
    }

    private double titleSize() {
        return 1.15 * fontSize;
    }

    /** Where the content begins. */
    double top() {
        double height = titleLines.size() * titleSize() * 1.3 + noteLines.size() * fontSize * 1.4;
        return Math.round(margin() + height + (height > 0 ? 0.7 * fontSize : 0));
    }

    /** Writes the beginning of the file. */
    void begin(SvgWriter svg, String title, String note, double height) {
        String pixels = SvgWriter.number(width);
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "width",
                style.width().map(Length::toString).orElse(pixels),
                "height",
                style.width().map(asked -> heightLike(asked, height)).orElse(SvgWriter.number(height)),
                "viewBox",
                "0 0 %s %s".formatted(pixels, SvgWriter.number(height)),
                "font-family",
                style.fontFamilies(),
                "font-size",
                fontSize,
                "fill",
                style.theme().ink(),
                "xml:space",
                "preserve",
                "role",
                "img");
        if (!title.isEmpty()) {
            svg.text("title", title);
        }
        if (!note.isEmpty()) {
            svg.text("desc", note);
        }
        svg.path(
                "M0 0H%sV%sH0z".formatted(pixels, SvgWriter.number(height)),
                "fill",
                style.theme().paper());
        double y = margin();
        for (String line : titleLines) {
            y += titleSize() * 1.3;
            svg.label(line, margin(), y - 0.4 * titleSize(), "font-size", titleSize(), "font-weight", "bold");
        }
        for (String line : noteLines) {
            y += fontSize * 1.4;
            svg.label(line, margin(), y - 0.4 * fontSize, "fill", style.theme().faintInk());
        }
    }

    /** Height in the unit of the width. */
    private String heightLike(Length asked, double height) {
        return new Length(Math.round(1000 * asked.value() * height / width) / 1000.0, asked.unit()).toString();
    }

    /** Breaks a text into lines between words; a longer word is shortened. */
    private static List<String> wrap(String text, double room, double fontSize) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            String next = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && TextWidth.of(next, fontSize) > room) {
                lines.add(line.toString());
                next = word;
            }
            line.setLength(0);
            line.append(TextWidth.shorten(next, fontSize, room));
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }
}
