package dev.stratalens.server.grpc.stream;

/** How large messages are made smaller, where the client accepts it. */
public enum Compression {
    /** Not at all; the results' numbers hardly get smaller. */
    NONE,
    /** gzip. */
    GZIP
}
