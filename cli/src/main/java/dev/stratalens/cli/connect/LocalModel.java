package dev.stratalens.cli.connect;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.server.hub.DownloadListener;
import dev.stratalens.server.hub.HubModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A checkpoint of this machine and the name to serve it under.
 *
 * @param name as served
 * @param directory holds {@code config.json}, weights and tokenizer; or a GGUF file, which holds all of it
 */
public record LocalModel(String name, Path directory) {

    /** The model that comes with the program. */
    public static final String DEMO = "demo";

    /** What options of commands say that a model may be. */
    public static final String DESCRIPTION =
            "Checkpoint directory, .gguf file, hf:ORG/NAME[@REVISION], or `demo` (default).";

    private static final String GGUF = ".gguf";
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)");

    /** As the other {@code parse}; a download is not shown. */
    public static LocalModel parse(String argument, Installation installation) {
        return parse(argument, installation, progress -> {});
    }

    /**
     * The model that {@code DIR}, {@code FILE.gguf}, {@code demo}, {@code hf:ORG/NAME@REVISION} or any of them behind
     * {@code NAME=} means. A directory that happens to be called demo is {@code ./demo}. A model of the hub is downloaded
     * unless the user's cache has it.
     *
     * @param listener follows the download
     * @throws CliException if there is no such checkpoint
     * @throws dev.stratalens.server.error.ModelSourceException if the hub's model is not available
     */
    public static LocalModel parse(String argument, Installation installation, DownloadListener listener) {
        var named = NAMED.matcher(argument);
        if (named.matches() && !Files.exists(Path.of(argument))) {
            return new LocalModel(named.group(1), locate(named.group(2), installation, listener));
        }
        Path path = locate(argument, installation, listener);
        return new LocalModel(name(argument, path), path);
    }

    private static Path locate(String source, Installation installation, DownloadListener listener) {
        if (source.equals(DEMO)) {
            return checked(demoDirectory(installation));
        }
        return source.startsWith(HubModel.SCHEME)
                ? installation.hub().locate(hubModel(source), listener)
                : checked(Path.of(source));
    }

    /**
     * The model that {@code hf:ORG/NAME@REVISION} means.
     *
     * @throws CliException if the text is malformed
     */
    public static HubModel hubModel(String text) {
        return HubModel.parse(text)
                .orElseThrow(() -> CliException.usage(
                        "\"%s\" is not a model of the hub. Write %s.".formatted(text, HubModel.SYNTAX)));
    }

    private static String name(String source, Path path) {
        String file = path.getFileName().toString();
        // The name is shown wherever the model is.
        return HubModel.parse(source)
                .map(HubModel::name)
                .orElse(PrintableText.of(
                        file.endsWith(GGUF) ? file.substring(0, file.length() - GGUF.length()) : file));
    }

    /**
     * Where the model that comes with the program should be.
     *
     * @throws CliException if it is not known where the program is
     */
    public static Path demoDirectory(Installation installation) {
        return installation
                .home()
                .orElseThrow(() -> new CliException(
                        ExitCode.MODEL,
                        "the demo model is found through the launcher `stratalens`; without it give --model"
                                + " DIR, or set -Dstratalens.home."))
                .resolve("models")
                .resolve(DEMO);
    }

    /** Bytes of its files; 0 where they cannot be told. */
    long fileBytes() {
        try (Stream<Path> files = Files.isDirectory(directory) ? Files.list(directory) : Stream.of(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static Path checked(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        if (directory.toString().endsWith(GGUF) && Files.isRegularFile(directory)) {
            return directory;
        }
        if (!Files.isDirectory(directory)) {
            throw new CliException(
                    ExitCode.MODEL,
                    "there is no directory %s. A model is `demo`, a directory with config.json, *.safetensors and tokenizer.json, a .gguf file, or hf:ORG/NAME."
                            .formatted(path));
        }
        if (!Files.isRegularFile(directory.resolve("config.json"))) {
            throw new CliException(
                    ExitCode.MODEL,
                    "%s has no config.json, so it is not a Hugging Face checkpoint. It needs config.json, *.safetensors and tokenizer.json."
                            .formatted(path));
        }
        return directory;
    }
}
