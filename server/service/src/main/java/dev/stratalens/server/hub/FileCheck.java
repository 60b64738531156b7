package dev.stratalens.server.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file of a model against its hash.
 *
 * @param file name
 * @param bytes size
 * @param state what was found
 */
public record FileCheck(String file, long bytes, State state) {

    /** What was found. */
    public enum State {
        /** The content has the hash that the hub announced. */
        INTACT,
        /** The content has another. */
        DAMAGED,
        /** Nothing says what the content should be: the file did not come through the cache. */
        UNCHECKED
    }

    /**
     * Reads every file of a directory, or a file.
     *
     * @throws IOException if one cannot be read
     */
    public static List<FileCheck> all(Path model) throws IOException {
        List<FileCheck> checks = new ArrayList<>();
        for (Path file : Files.isDirectory(model) ? HubCache.children(model) : List.of(model)) {
            if (Files.isRegularFile(file)) {
                checks.add(new FileCheck(file.getFileName().toString(), Files.size(file), state(file)));
            }
        }
        return List.copyOf(checks);
    }

    private static State state(Path file) throws IOException {
        if (!Files.isSymbolicLink(file)) {
            return State.UNCHECKED;
        }
        Optional<ContentHash> hash =
                ContentHash.of(Files.readSymbolicLink(file).getFileName().toString());
        if (hash.isEmpty()) {
            return State.UNCHECKED;
        }
        return hash.get().matches(file) ? State.INTACT : State.DAMAGED;
    }
}
