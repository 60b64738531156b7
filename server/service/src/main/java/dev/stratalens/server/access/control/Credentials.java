package dev.stratalens.server.access.control;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What a call brings to prove who makes it.
 *
 * @param authorization {@code Bearer} with an API key or a token
 * @param apiKey an API key
 * @param certificate of the client, as the handshake proved it
 */
public record Credentials(
        Optional<String> authorization, Optional<String> apiKey, Optional<X509Certificate> certificate) {

    /** Without what must stay secret. */
    @Override
    public String toString() {
        return "Credentials";
    }
}
