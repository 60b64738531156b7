package dev.stratalens.report.figure;

import java.text.Normalizer;

/**
 * Widths of texts, relative to the font's size. The widths of ASCII are those that Adobe publishes for Helvetica (the
 * AFM files of its core fonts, which may be used for any purpose), and Arial, Liberation Sans, Nimbus Sans and Arimo
 * share them. Other scripts count as wide as their wide letters, so that a text is rather too short than too long.
 */
final class TextWidth {

    private static final char ELLIPSIS = '…';

    /** From the space to the tilde, in thousandths. */
    private static final int[] HELVETICA = {
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
                556,
        556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556,
                833,
        722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500,
                556,
        556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500,
                334,
        260, 334, 584
    };

    private static final double MIDDLE_DOT = 0.333;

    /** A letter of an alphabet that is not Latin. */
    private static final double LETTER = 0.75;

    private static final double FULL_WIDTH = 1;
    private static final double EMOJI = 1.3;

    /** Bold letters are wider by about this. */
    private static final double BOLD = 1.08;

    private TextWidth() {}

    /** Width at a font size. */
    static double of(String text, double fontSize) {
        return text.codePoints().mapToDouble(TextWidth::ofCodePoint).sum() * fontSize;
    }

    /** Width at a font size, bold. */
    static double ofBold(String text, double fontSize) {
        return BOLD * of(text, fontSize);
    }

    /** Whether the width is known and not estimated. */
    static boolean isKnown(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '·' || c == ELLIPSIS);
    }

    /** The text if it fits in the room, else its beginning and an ellipsis; empty if not even that fits. */
    static String shorten(String text, double fontSize, double room) {
        if (of(text, fontSize) <= room) {
            return text;
        }
        double used = ofCodePoint(ELLIPSIS) * fontSize;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            used += ofCodePoint(codePoint) * fontSize;
            if (used > room) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return end == 0 ? "" : text.substring(0, end) + ELLIPSIS;
    }

    private static double ofCodePoint(int codePoint) {
        if (codePoint >= ' ' && codePoint <= '~') {
            return HELVETICA[codePoint - ' '] / 1000.0;
        }
        if (codePoint == '·') {
            return MIDDLE_DOT;
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            case Character.OTHER_SYMBOL, Character.MODIFIER_SYMBOL -> codePoint >= 0x1F000 ? EMOJI : FULL_WIDTH;
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER -> ofLetter(codePoint);
            case Character.OTHER_LETTER -> isSyllableOrIdeograph(codePoint) ? FULL_WIDTH : LETTER;
            default -> FULL_WIDTH;
        };
    }

    /** An accent does not change the width of a Latin letter. */
    private static double ofLetter(int codePoint) {
        int base = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD)
                .codePointAt(0);
        return base >= ' ' && base <= '~' ? HELVETICA[base - ' '] / 1000.0 : LETTER;
    }

    private static boolean isSyllableOrIdeograph(int codePoint) {
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HANGUL, HIRAGANA, KATAKANA, BOPOMOFO, YI, TANGUT, NUSHU, KHITAN_SMALL_SCRIPT -> true;
            default -> false;
        };
    }
}
