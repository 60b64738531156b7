package dev.stratalens.server.watch;

import java.time.Instant;

/**
 * Where a request came from.
 *
 * @param id made by the server
 * @param method full name of the rpc
 * @param peer address of the other end
 * @param trace of the caller
 * @param received when it came
 */
public record Origin(String id, String method, String peer, TraceContext trace, Instant received) {

    /** The rpc's name within its service. */
    public String rpc() {
        return method.substring(method.lastIndexOf('/') + 1);
    }
}
