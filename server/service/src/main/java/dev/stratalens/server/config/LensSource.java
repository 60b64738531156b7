package dev.stratalens.server.config;

import dev.stratalens.server.hub.HubLens;
import java.nio.file.Path;

/** Where a fitted lens of a served model comes from. */
public sealed interface LensSource {

    /** A file or directory of this machine. */
    record Local(Path path) implements LensSource {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A file or directory in a repository of the hub; from the user's cache where that has it. */
    record Hub(HubLens lens) implements LensSource {
        @Override
        public String toString() {
            return lens.toString();
        }
    }
}
