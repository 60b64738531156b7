package dev.stratalens.server.watch;

import java.time.Instant;

/**
 * Where a request came from.
 *
 * @param id made by the server
 * @param method the rpc's name
 * @param peer address of the other end
 * @param traceId of the caller's trace; empty without one
 * @param received when it came
 */
public record Origin(String id, String method, String peer, String traceId, Instant received) {}
