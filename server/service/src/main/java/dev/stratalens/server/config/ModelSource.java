package dev.stratalens.server.config;

import dev.stratalens.server.hub.HubModel;
import java.nio.file.Path;

/** Where a served model comes from. */
public sealed interface ModelSource {

    /** The model that comes with the program. */
    record Demo() implements ModelSource {}

    /** A checkpoint directory or a file of this machine. */
    record Local(Path path) implements ModelSource {}

    /** A repository of the hub; from the user's cache where that has it. */
    record Hub(HubModel model) implements ModelSource {}
}
