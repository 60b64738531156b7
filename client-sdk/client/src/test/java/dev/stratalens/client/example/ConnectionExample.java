package dev.stratalens.client.example;

import dev.stratalens.client.LensClient;
import java.nio.file.Path;
import java.time.Duration;

/** Connects to replicas over TLS, with a key and a certificate. */
final class ConnectionExample {

    static LensClient connect(Path folder) {
        return LensClient.builder("dns:///lens.example:50061")
                .trustCertificates(folder.resolve("authority.pem"))
                .clientCertificate(folder.resolve("client.pem"), folder.resolve("client.key"))
                .bearerToken(() -> System.getenv("STRATALENS_TOKEN"))
                .timeout(Duration.ofMinutes(5))
                .build();
    }
}
