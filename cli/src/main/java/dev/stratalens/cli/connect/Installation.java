package dev.stratalens.cli.connect;

import dev.stratalens.server.hub.ModelHub;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where and what this program is.
 *
 * @param home the directory that holds {@code models/demo}, where the launcher named it
 * @param command how the user called it, for examples that can be pasted
 * @param environment variables of the process
 */
public record Installation(Optional<Path> home, String command, Map<String, String> environment) {

    /** Copies the variables. */
    public Installation {
        environment = Map.copyOf(environment);
    }

    /** What the launcher says. */
    public static Installation detect(Properties properties, Map<String, String> environment) {
        return new Installation(
                Optional.ofNullable(properties.getProperty("stratalens.home")).map(Path::of),
                properties.getProperty("stratalens.command", "stratalens"),
                environment);
    }

    /**
     * The hub that the environment names, and the user's cache of it.
     *
     * @throws dev.stratalens.server.error.ModelSourceException if a variable cannot be used
     */
    public ModelHub hub() {
        return ModelHub.of(environment);
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
