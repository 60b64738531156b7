package dev.stratalens.server.access.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.server.access.file.FileWatch;
import dev.stratalens.server.access.proof.ApiKey;
import dev.stratalens.server.access.proof.ApiKeyFile;
import dev.stratalens.server.access.proof.ApiKeyText;
import dev.stratalens.server.error.UnauthenticatedException;
import dev.stratalens.server.error.UnauthenticatedException.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock of the machine that is set, forth and back. Everything else is timed by a clock that nobody sets. */
final class ClockJumpTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private Instant clock = NOW;

    @Test
    void aKeyIsRefusedOnlyWhileTheClockIsBehindItsEnd() throws IOException {
        Path file = directory.resolve("keys.json");
        ApiKeyText key = ApiKeyText.random();
        new ApiKeyFile(file)
                .change(keys -> keys.with(ApiKey.of(key, "ann", NOW, Optional.of(NOW.plus(Duration.ofHours(1))))));
        Credentials ann = new Credentials(Optional.empty(), Optional.of(key.reveal()), Optional.empty());
        try (FileWatch files = new FileWatch()) {
            AccessControl access = new AccessControl(
                    new AccessConfig(true, Optional.of(file), Optional.empty(), Optional.empty(), Optional.empty()),
                    files,
                    () -> clock);
            assertEquals("ann", access.caller(ann).principal().name());

            clock = NOW.plus(Duration.ofDays(1));
            assertEquals(
                    Problem.EXPIRED,
                    assertThrows(UnauthenticatedException.class, () -> access.caller(ann))
                            .problem());

            clock = NOW.minus(Duration.ofDays(1));
            assertEquals("ann", access.caller(ann).principal().name());
        }
    }
}
