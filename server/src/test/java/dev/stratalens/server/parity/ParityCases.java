package dev.stratalens.server.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The recorded cases: one folder each under the test resource {@code parity}. */
public final class ParityCases {

    private static final Path FOLDER = folder();

    private ParityCases() {}

    /** All cases in the order of their names. Each is read when the stream comes to it. */
    public static Stream<ParityCase> all() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.sorted().toList().stream().map(ParityCase::in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ParityCase named(String name) {
        return ParityCase.in(FOLDER.resolve(name));
    }

    private static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(ParityCases.class.getResource("/parity"), "no test resource /parity")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
