package dev.stratalens.server.access.proof;

import com.nimbusds.jose.jwk.JWKSet;
import dev.stratalens.server.access.file.FileWatch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the keys of tokens come from: a file, or the address of an issuer, which is asked in the background. */
public final class IssuerKeys {

    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

    /** An issuer announces a key well before it signs with it. */
    private static final Duration REFRESH = Duration.ofMinutes(5);
    /** Until an issuer that did not answer is asked again. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int MAX_BYTES = 1 << 20;

    private IssuerKeys() {}

    /**
     * The keys, as they are from now on. An issuer that cannot be reached yet is no reason not to start: until it answers,
     * no token is accepted.
     *
     * @param place a file or an address
     * @throws IOException if it is a file that cannot be read
     */
    public static Supplier<JWKSet> at(String place, FileWatch files) throws IOException {
        if (isAddress(place)) {
            Fetched keys = new Fetched(URI.create(place));
            files.repeat(LOOK, keys::look);
            return keys;
        }
        Path file = Path.of(place);
        return files.read(List.of(file), () -> read(file));
    }

    /** Whether this is no file. */
    public static boolean isAddress(String place) {
        return place.startsWith("https://") || place.startsWith("http://");
    }

    static JWKSet read(Path file) throws IOException {
        try {
            return JWKSet.parse(Files.readString(file));
        } catch (IOException | ParseException fault) {
            throw new IOException("jwt-keys: %s %s. Give a JSON Web Key Set, as the issuer of the tokens publishes it."
                    .formatted(file, Files.isReadable(file) ? "holds no JSON Web Key Set" : "cannot be read"));
        }
    }

    private static final class Fetched implements Supplier<JWKSet> {
        private final URI address;
        private volatile JWKSet keys = new JWKSet();
        private long nextNanos = System.nanoTime();

        Fetched(URI address) {
            this.address = address;
        }

        @Override
        public JWKSet get() {
            return keys;
        }

        void look() {
            if (System.nanoTime() < nextNanos) {
                return;
            }
            try {
                keys = JWKSet.load(address.toURL(), TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_BYTES);
                nextNanos = System.nanoTime() + REFRESH.toNanos();
            } catch (IOException | ParseException fault) {
                LOG.warn(
                        "jwt-keys: {} gives no JSON Web Key Set now ({}). What was read before stays in force.",
                        address,
                        fault.getMessage());
            }
        }
    }
}
