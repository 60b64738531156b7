package dev.stratalens.cli.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * Where and what this program is.
 *
 * @param home the directory that holds {@code models/demo}, where the launcher named it
 * @param command how the user called it, for examples that can be pasted
 */
public record Installation(Optional<Path> home, String command) {

    /** What the launcher says. */
    public static Installation detect(Properties properties) {
        return new Installation(
                Optional.ofNullable(properties.getProperty("stratalens.home")).map(Path::of),
                properties.getProperty("stratalens.command", "stratalens"));
    }

    /** Version of the program. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = Installation.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException(
                        "version.properties is missing from the class path; build the project again");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
