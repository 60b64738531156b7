package dev.stratalens.server.scheduling;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Memory for what generations keep between their passes. One begins only if this fits beside what others keep, and after those that
 * came first, so that others do not always overtake a long text.
 *
 * @param bytes for all of them together
 */
record StateRoom(long bytes) {

    /**
     * The requests that may have a turn.
     *
     * @param runnable in order
     * @param all that keep something, whether they wait or run
     */
    List<QueuedRequest> among(List<QueuedRequest> runnable, Collection<QueuedRequest> all) {
        if (runnable.stream().noneMatch(QueuedRequest::isNewGeneration)) {
            return runnable;
        }
        long left = bytes - all.stream().mapToLong(QueuedRequest::keptBytes).sum();
        List<QueuedRequest> may = new ArrayList<>();
        boolean full = false;
        for (QueuedRequest request : runnable) {
            if (request.isNewGeneration()) {
                full |= request.stateBytes() > left;
                left -= full ? 0 : request.stateBytes();
            }
            if (!full || !request.isNewGeneration()) {
                may.add(request);
            }
        }
        return may;
    }
}
