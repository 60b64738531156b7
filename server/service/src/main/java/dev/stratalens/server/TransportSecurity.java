package dev.stratalens.server;

import java.nio.file.Path;

/** Who can read what travels. */
public sealed interface TransportSecurity {

    /** Nothing is encrypted; refused on addresses that other machines reach. */
    record LoopbackPlaintext() implements TransportSecurity {}

    /** Nothing is encrypted, on whatever address. */
    record PlaintextAnywhere() implements TransportSecurity {}

    /**
     * TLS.
     *
     * @param certificate PEM file with the certificate chain
     * @param key PEM file with the private key, PKCS#8
     */
    record Tls(Path certificate, Path key) implements TransportSecurity {}
}
