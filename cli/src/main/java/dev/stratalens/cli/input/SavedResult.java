package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.LensFileException;
import dev.stratalens.client.LensJson;
import dev.stratalens.client.LensResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A result that was saved as native JSON. */
public final class SavedResult {

    private SavedResult() {}

    /**
     * Reads a file.
     *
     * @param name a file, or {@code -} for standard input
     * @throws CliException if there is no such file, or it holds no result
     */
    public static LensResult read(String name, InputStream input) throws IOException {
        if (name.equals("-")) {
            return read("standard input", new InputStreamReader(input, StandardCharsets.UTF_8));
        }
        try (Reader reader = Files.newBufferedReader(file(name))) {
            return read(name, reader);
        }
    }

    private static Path file(String name) {
        try {
            Path path = Path.of(name);
            if (Files.isReadable(path) && !Files.isDirectory(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // said below
        }
        throw CliException.usage("--input: there is no file %s that can be read.".formatted(name));
    }

    private static LensResult read(String name, Reader reader) throws IOException {
        try {
            return LensJson.read(reader);
        } catch (LensFileException e) {
            throw CliException.usage(
                    "--input: %s holds no result: %s. Save one with analyze --format json --output FILE."
                            .formatted(name, e.getMessage()));
        }
    }
}
