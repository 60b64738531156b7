package dev.stratalens.server.config;

import java.time.Duration;

/**
 * What connections and their calls may take of the server, whoever makes them.
 *
 * @param connections that may be open; further ones are closed at once
 * @param callsPerConnection that may be open on a connection; a client waits with further ones
 * @param headerBytes of a call
 * @param messageBytes of a request, and so of every text in it
 * @param handshakeTimeout within which a connection must have agreed on TLS
 * @param idle after which a connection without a call is closed
 */
public record ConnectionLimits(
        int connections,
        int callsPerConnection,
        int headerBytes,
        int messageBytes,
        Duration handshakeTimeout,
        Duration idle) {

    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(1000, 1000, 16 << 10, 4 << 20, Duration.ofSeconds(10), Duration.ofMinutes(5));
}
