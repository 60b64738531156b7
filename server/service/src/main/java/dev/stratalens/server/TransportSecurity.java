package dev.stratalens.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

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
    record Tls(Path certificate, Path key) implements TransportSecurity {

        /** @throws IOException naming the setting and the file that cannot be read or has no certificate in it */
        void check() throws IOException {
            requireReadable("tls-cert", certificate);
            requireReadable("tls-key", key);
            try (InputStream pem = Files.newInputStream(certificate)) {
                if (!CertificateFactory.getInstance("X.509")
                        .generateCertificates(pem)
                        .isEmpty()) {
                    return;
                }
            } catch (CertificateException none) {
                // Refused below.
            }
            throw new IOException(
                    "tls-cert: %s has no certificate that can be read. Give a PEM file with the certificate chain."
                            .formatted(certificate));
        }

        /** Says why a server cannot take the key beside a certificate that {@link #check} found good. */
        IOException unusableKey(IllegalArgumentException refusal) {
            return new IOException(
                    "tls-key: %s has no private key that can be read. Give the PEM file of the certificate's key, PKCS#8, without a password."
                            .formatted(key),
                    refusal);
        }

        private static void requireReadable(String setting, Path file) throws IOException {
            String fault = Files.isDirectory(file)
                    ? "is a directory"
                    : !Files.exists(file)
                            ? "does not exist"
                            : Files.isReadable(file) ? "" : "cannot be read by this user";
            if (!fault.isEmpty()) {
                throw new IOException("%s: %s %s. Give a readable PEM file.".formatted(setting, file, fault));
            }
        }
    }
}
