package dev.stratalens.cli.option;

/** From what the divergence is taken. */
public enum KlFrom {
    /** The model's own output. */
    FINAL,
    /** The next asked layer. */
    NEXT;

    @Override
    public String toString() {
        return this == FINAL ? "final" : "next";
    }
}
