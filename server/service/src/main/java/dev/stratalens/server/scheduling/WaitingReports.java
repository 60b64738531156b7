package dev.stratalens.server.scheduling;

import dev.stratalens.server.models.ServingState;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a waiting request was told last. Reports come from several threads and may overtake each other: one that says
 * less than was said is dropped. Not thread-safe.
 */
final class WaitingReports {

    private ServingState.@Nullable Loading loading;
    private int ahead = Integer.MAX_VALUE;

    /** Whether its caller is to be told how far loading is; not once it has a place in the queue. */
    boolean isNews(ServingState.Loading now) {
        ServingState.Loading before = loading;
        boolean saysLess = before != null
                && (now.step() == before.step()
                        ? now.done() < before.done()
                        : now.step().compareTo(before.step()) < 0);
        if (ahead != Integer.MAX_VALUE || saysLess) {
            return false;
        }
        loading = now;
        return true;
    }

    /** Whether its caller is to be told how many requests come first: a queue only gets shorter. */
    boolean isNews(int now) {
        if (now >= ahead) {
            return false;
        }
        ahead = now;
        return true;
    }
}
