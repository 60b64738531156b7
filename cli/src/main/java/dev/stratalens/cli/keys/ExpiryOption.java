package dev.stratalens.cli.keys;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a new key lives. */
final class ExpiryOption {

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "Refuse the new key after 12h or 90d (default: never).")
    @Nullable
    String expires;

    /** When a key that is made now ends. */
    Optional<Instant> from(Instant now) {
        return Optional.ofNullable(expires).map(text -> now.plus(TimeSpan.parse("--expires", text)));
    }
}
