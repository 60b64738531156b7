package dev.stratalens.server.scheduling;

/** What happens to a request that a full queue has no room for. */
public enum WhenFull {
    /** It is refused; its caller comes again later. */
    REFUSE,
    /** It waits beyond the queue's capacity and takes no room from others: for callers that bound what they submit. */
    WAIT
}
