package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.LocalServer;
import java.util.Locale;
import java.util.Optional;

/** Values of {@code --dtype}. */
public enum ComputeType {
    AUTO,
    FLOAT32,
    BFLOAT16,
    FLOAT16;

    /** What to say before a model is loaded in this type on this machine, if it is a bad choice. */
    public Optional<String> warning() {
        return LocalServer.slowType(toString());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
