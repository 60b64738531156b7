package dev.stratalens.server.config;

import java.nio.file.Path;

/** Where a served model comes from. */
public sealed interface ModelSource {

    /** The model that comes with the program. */
    record Demo() implements ModelSource {}

    /** A checkpoint directory. */
    record Directory(Path path) implements ModelSource {}
}
