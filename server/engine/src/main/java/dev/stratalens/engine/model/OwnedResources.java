package dev.stratalens.engine.model;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a model holds outside the heap, closed together, the newest first; also when loading fails half way. */
final class OwnedResources implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Takes a resource over and gives it back. */
    <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e); // none of ours throws a checked one
            }
        }
    }
}
