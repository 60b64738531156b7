package dev.stratalens.cli.connect;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A checkpoint directory and the name to serve it under.
 *
 * @param name as served
 * @param directory holds {@code config.json}, weights and tokenizer
 */
public record LocalModel(String name, Path directory) {

    /** The model that comes with the program. */
    public static final String DEMO = "demo";

    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)");

    /**
     * The model that {@code DIR}, {@code demo} or {@code NAME=DIR} means. A directory that happens to be called demo is
     * {@code ./demo}.
     *
     * @throws CliException if there is no such checkpoint directory
     */
    public static LocalModel parse(String argument, Installation installation) {
        if (argument.equals(DEMO)) {
            return new LocalModel(DEMO, checked(demoDirectory(installation)));
        }
        var named = NAMED.matcher(argument);
        if (named.matches() && !Files.exists(Path.of(argument))) {
            return new LocalModel(named.group(1), checked(Path.of(named.group(2))));
        }
        Path directory = checked(Path.of(argument));
        return new LocalModel(directory.getFileName().toString(), directory);
    }

    /**
     * Where the model that comes with the program should be.
     *
     * @throws CliException if nobody said where the program is
     */
    public static Path demoDirectory(Installation installation) {
        return installation
                .home()
                .orElseThrow(
                        () -> new CliException(
                                ExitCode.MODEL,
                                "the demo model is found through the launcher `stratalens`; without it give --model DIR, or set -Dstratalens.home."))
                .resolve("models")
                .resolve(DEMO);
    }

    private static Path checked(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new CliException(
                    ExitCode.MODEL,
                    "there is no directory %s. --model takes `demo` or a directory with config.json, *.safetensors and tokenizer.json."
                            .formatted(path));
        }
        if (!Files.isRegularFile(directory.resolve("config.json"))) {
            throw new CliException(
                    ExitCode.MODEL,
                    "%s has no config.json, so it is no Hugging Face checkpoint. It needs config.json, *.safetensors and tokenizer.json."
                            .formatted(path));
        }
        return directory;
    }
}
