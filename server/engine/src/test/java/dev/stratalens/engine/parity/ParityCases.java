package dev.stratalens.engine.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Objects;
import java.util.stream.Stream;

/** The recorded cases: one folder each under a test resource. */
public final class ParityCases {

    private static final Path FOLDER = folder("/parity");

    /** A pattern of names, to run the tests of a few cases while they are written. */
    private static final String SOME = System.getProperty("parity.cases", "*");

    private ParityCases() {}

    /** All families' cases in the order of their names. Each is read when the stream comes to it. */
    public static Stream<ParityCase> all() {
        return in(FOLDER);
    }

    /** Cases of the checkpoint formats that are no plain safetensors. */
    public static Stream<ParityCase> otherFormats() {
        return in(folder("/formats/models"));
    }

    private static Stream<ParityCase> in(Path folder) {
        try (Stream<Path> folders = Files.list(folder)) {
            PathMatcher wanted = FileSystems.getDefault().getPathMatcher("glob:" + SOME);
            return folders.filter(some -> wanted.matches(some.getFileName())).sorted().toList().stream()
                    .map(ParityCase::in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ParityCase named(String name) {
        return ParityCase.in(FOLDER.resolve(name));
    }

    private static Path folder(String resource) {
        try {
            return Path.of(Objects.requireNonNull(ParityCases.class.getResource(resource), resource)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
