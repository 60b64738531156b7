package dev.stratalens.engine.text.jinja.runtime;

/**
 * Finds a part of a text, and pays for each comparison of characters: where a part nearly occurs at many places, the comparisons are as
 * many as the product of both lengths.
 */
final class TextSearch {

    private static final int PAID_AT_ONCE = 4096;

    private final Fuel fuel;
    private int compared;

    TextSearch(Fuel fuel) {
        this.fuel = fuel;
    }

    /** The first place of a part at or after another place; -1 if there is none. */
    int first(String text, String part, int from) {
        if (part.isEmpty()) {
            return text.indexOf(part, from);
        }
        int place = text.indexOf(part.charAt(0), from);
        while (place >= 0 && !isAt(place, text, part)) {
            place = text.indexOf(part.charAt(0), place + 1);
        }
        return place;
    }

    /** The last place of a part that ends at or before another place; -1 if there is none. */
    int last(String text, String part, int end) {
        int latest = end - part.length();
        if (part.isEmpty() || latest < 0) {
            return latest;
        }
        int place = text.lastIndexOf(part.charAt(0), latest);
        while (place >= 0 && !isAt(place, text, part)) {
            place = text.lastIndexOf(part.charAt(0), place - 1);
        }
        return place;
    }

    private boolean isAt(int place, String text, String part) {
        if (place + part.length() > text.length()) {
            return false;
        }
        int i = 0;
        while (i < part.length() && part.charAt(i) == text.charAt(place + i)) {
            i++;
            if (++compared == PAID_AT_ONCE) {
                fuel.make(compared);
                compared = 0;
            }
        }
        return i == part.length();
    }
}
