package dev.stratalens.server.watch;

import java.time.Duration;
import java.util.Optional;

/**
 * A request that has ended.
 *
 * @param principal who asked; empty if the call was refused before that was known
 * @param work empty if nothing was computed
 * @param duration from its arrival to its last byte
 * @param sentBytes of messages, before compression
 */
public record RequestFacts(
        Origin origin,
        String principal,
        Subject subject,
        Optional<Work> work,
        Duration duration,
        long sentBytes,
        Outcome outcome) {

    /** Whether it failed before it ran. */
    public boolean wasRefused() {
        return work.isEmpty() && !outcome.isOk();
    }

    /** The same at another place in a trace. */
    public RequestFacts at(TraceContext trace) {
        return new RequestFacts(
                new Origin(origin.id(), origin.method(), origin.peer(), trace, origin.received()),
                principal,
                subject,
                work,
                duration,
                sentBytes,
                outcome);
    }
}
