package dev.stratalens.engine.model;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a model holds outside the heap, closed together, the newest first; also when loading fails half way.
 * Each is closed, whatever the others throw.
 */
final class OwnedResources implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Takes a resource over and gives it back. */
    <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    @Override
    public void close() {
        Exception first = null;
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first instanceof RuntimeException failure ? failure : new IllegalStateException(first);
        }
    }
}
