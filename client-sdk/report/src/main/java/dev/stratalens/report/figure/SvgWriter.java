package dev.stratalens.report.figure;

/**
 * Writes the elements of an SVG file: numbers with at most one decimal, texts escaped, characters that XML does not allow
 * replaced. The same calls write the same bytes.
 */
final class SvgWriter {

    private final StringBuilder out = new StringBuilder();

    /** Opens an element; pairs of name and value follow. */
    SvgWriter open(String name, Object... attributes) {
        start(name, attributes);
        out.append('>');
        return this;
    }

    /** Closes an element. */
    SvgWriter close(String name) {
        out.append("</").append(name).append(">\n");
        return this;
    }

    /** A whole element without content. */
    SvgWriter element(String name, Object... attributes) {
        start(name, attributes);
        out.append("/>\n");
        return this;
    }

    /** An outline, as SVG writes them. */
    SvgWriter path(Object outline, Object... attributes) {
        start("path", attributes);
        attribute("d", outline);
        out.append("/>\n");
        return this;
    }

    /** A text at a place. */
    SvgWriter label(String content, double x, double y, Object... attributes) {
        start("text", "x", x, "y", y);
        attributes(attributes);
        out.append('>');
        escape(content, out);
        out.append("</text>\n");
        return this;
    }

    /** An element with text in it. */
    SvgWriter text(String name, String content) {
        start(name);
        out.append('>');
        escape(content, out);
        out.append("</").append(name).append(">\n");
        return this;
    }

    /**
     * Writes a text, shortened if it does not fit; hovering over it shows the whole text. A text that nearly fills its
     * room is squeezed into it if the reader's font is wider.
     */
    SvgWriter fitted(String whole, Room room, double x, double y) {
        String shown = TextWidth.shorten(whole, room.fontSize(), room.width());
        if (shown.isEmpty()) {
            return this;
        }
        start("text", "x", x, "y", y);
        double width = TextWidth.of(shown, room.fontSize());
        if (width > 0.8 * room.width() && TextWidth.isKnown(shown)) {
            attribute("textLength", width);
            attribute("lengthAdjust", "spacingAndGlyphs");
        }
        out.append('>');
        escape(shown, out);
        if (!shown.equals(whole)) {
            text("title", whole);
            out.setLength(out.length() - 1); // no line feed inside a text
        }
        out.append("</text>\n");
        return this;
    }

    /** Adds the output of another writer. */
    SvgWriter add(SvgWriter other) {
        out.append(other.out);
        return this;
    }

    /** Room for a text. */
    record Room(double width, double fontSize) {}

    @Override
    public String toString() {
        return out.toString();
    }

    private void start(String name, Object... attributes) {
        out.append('<').append(name);
        attributes(attributes);
    }

    private void attributes(Object... attributes) {
        for (int i = 0; i < attributes.length; i += 2) {
            attribute((String) attributes[i], attributes[i + 1]);
        }
    }

    private void attribute(String name, Object value) {
        out.append(' ').append(name).append("=\"");
        escape(value instanceof Number number ? number(number.doubleValue()) : value.toString(), out);
        out.append('"');
    }

    /** With one decimal at most. */
    static String number(double value) {
        long tenths = Math.round(10 * value);
        String sign = tenths < 0 ? "-" : "";
        long size = Math.abs(tenths);
        return sign + size / 10 + (size % 10 == 0 ? "" : "." + size % 10);
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            switch (codePoint) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\t', '\n', '\r' -> out.append(' ');
                default -> out.appendCodePoint(isAllowed(codePoint) ? codePoint : 0xFFFD);
            }
        }
    }

    /** Allowed by XML 1.0, except the C1 control characters, which it discourages. */
    private static boolean isAllowed(int codePoint) {
        return (codePoint >= ' ' && codePoint < 0x7F)
                || (codePoint >= 0xA0 && codePoint < 0xD800)
                || (codePoint >= 0xE000 && codePoint < 0xFFFE)
                || codePoint >= 0x10000;
    }
}
