package dev.stratalens.server.scheduling;

import java.util.List;

/**
 * Passes so far.
 *
 * @param requests in them
 * @param tokens in them
 */
public record PassCount(long passes, long requests, long tokens) {

    static final PassCount NONE = new PassCount(0, 0, 0);

    PassCount plus(List<QueuedRequest> pass) {
        long more = pass.stream().mapToLong(request -> request.load().tokens()).sum();
        return new PassCount(passes + 1, requests + pass.size(), tokens + more);
    }
}
