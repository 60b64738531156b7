package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.ServerAddress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How to talk to a server: options that the commands with {@code --server} share. No key is ever an argument, because other users
 * of a machine can read those.
 */
abstract class ServerConnection {

    private static final String KEY_VARIABLE = "STRATALENS_API_KEY";

    @Option(
            names = "--tls-ca",
            order = 1,
            paramLabel = "FILE",
            description = "Trust the certificates of this PEM file.")
    @Nullable
    Path tlsCa;

    @Option(names = "--plaintext", order = 2, description = "Talk to the server without TLS.")
    boolean plaintext;

    @Option(
            names = "--api-key-file",
            order = 3,
            paramLabel = "FILE",
            description = "Send the API key or token in this file (default: the one in " + KEY_VARIABLE + ").")
    @Nullable
    Path apiKeyFile;

    @Option(
            names = "--tls-client-cert",
            order = 4,
            paramLabel = "FILE",
            description = "Show the server this certificate, PEM.")
    @Nullable
    Path clientCertificate;

    @Option(names = "--tls-client-key", order = 5, paramLabel = "FILE", description = "Its private key, PEM, PKCS#8.")
    @Nullable
    Path clientKey;

    /** The same way to the server. */
    final void copyTo(ServerConnection other) {
        other.tlsCa = tlsCa;
        other.plaintext = plaintext;
        other.apiKeyFile = apiKeyFile;
        other.clientCertificate = clientCertificate;
        other.clientKey = clientKey;
    }

    /** The options mean nothing without a server. */
    final void refuseWithoutServer() {
        files().forEach((option, file) -> refuse(option, file.isPresent()));
        refuse("--plaintext", plaintext);
    }

    private static void refuse(String option, boolean given) {
        if (given) {
            throw CliException.usage("%s goes with --server HOST:PORT.".formatted(option));
        }
    }

    private Map<String, Optional<Path>> files() {
        Map<String, Optional<Path>> files = new LinkedHashMap<>();
        files.put("--tls-ca", Optional.ofNullable(tlsCa));
        files.put("--api-key-file", Optional.ofNullable(apiKeyFile));
        files.put("--tls-client-cert", Optional.ofNullable(clientCertificate));
        files.put("--tls-client-key", Optional.ofNullable(clientKey));
        return files;
    }

    final LensClient client(ServerAddress address, Optional<String> key) {
        if (plaintext && (tlsCa != null || clientCertificate != null)) {
            throw CliException.usage("%s and --plaintext exclude each other; give one of the two."
                    .formatted(tlsCa != null ? "--tls-ca" : "--tls-client-cert"));
        }
        files().forEach((option, file) -> file.filter(path -> !Files.isReadable(path))
                .ifPresent(path -> {
                    throw CliException.usage("%s: cannot read %s.".formatted(option, path));
                }));
        LensClientBuilder builder = LensClient.builder(address.toString());
        if (plaintext || (address.isLoopback() && tlsCa == null && clientCertificate == null)) {
            builder.usePlaintext();
        }
        if (tlsCa != null) {
            builder.trustCertificates(tlsCa);
        }
        if (clientCertificate != null && clientKey != null) {
            builder.clientCertificate(clientCertificate, clientKey);
        } else if (clientCertificate != null || clientKey != null) {
            throw CliException.usage("--tls-client-cert and --tls-client-key go together; give both.");
        }
        key.ifPresent(text -> builder.bearerToken(() -> text));
        return builder.build();
    }

    /** The user's key, if there is one. */
    final Optional<String> key(Installation installation) {
        if (apiKeyFile == null) {
            return Optional.of(installation
                            .environment()
                            .getOrDefault(KEY_VARIABLE, "")
                            .strip())
                    .filter(key -> !key.isEmpty())
                    .map(key -> printable(key, KEY_VARIABLE));
        }
        try {
            return Optional.of(printable(Files.readString(apiKeyFile).strip(), "--api-key-file"));
        } catch (IOException e) {
            throw CliException.usage("--api-key-file: cannot read %s as text.".formatted(apiKeyFile));
        }
    }

    /** A header holds nothing else; the message must not repeat what may be a key. */
    private static String printable(String key, String source) {
        if (!key.matches("[!-~]+")) {
            throw CliException.usage(source + ": there must be one API key or token, and nothing else.");
        }
        return key;
    }
}
