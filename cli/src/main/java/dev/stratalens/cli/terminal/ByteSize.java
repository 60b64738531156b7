package dev.stratalens.cli.terminal;

import java.util.Locale;

/** Sizes for people: decimal units, as disks and the hub have them. */
public final class ByteSize {

    private ByteSize() {}

    /** Such as {@code 538 MB} or {@code 1.6 GB}. */
    public static String text(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.5) {
            value /= 1000;
            unit++;
        }
        return String.format(
                Locale.ROOT, value < 9.95 ? "%.1f %sB" : "%.0f %sB", value, "kMGTPE".substring(unit, unit + 1));
    }
}
