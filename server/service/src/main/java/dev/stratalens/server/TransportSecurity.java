package dev.stratalens.server;

import java.nio.file.Path;
import java.util.Optional;

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
     * @param clientCa PEM file of the authorities whose client certificates are accepted; empty = clients are not asked for any
     */
    record Tls(Path certificate, Path key, Optional<Path> clientCa) implements TransportSecurity {}
}
