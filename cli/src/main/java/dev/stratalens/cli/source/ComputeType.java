package dev.stratalens.cli.source;

import java.util.Locale;

/** Values of {@code --dtype}. */
public enum ComputeType {
    AUTO,
    FLOAT32,
    BFLOAT16;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
