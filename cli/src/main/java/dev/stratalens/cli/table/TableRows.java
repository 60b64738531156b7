package dev.stratalens.cli.table;

import java.util.Locale;

/** What a row of a table is. */
public enum TableRows {
    /** A position of a prompt, with lists over the read points. */
    POSITION,
    /** A read point at a position of a prompt. */
    LAYER;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
