package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * What is written about the files of a dataset: the YAML at the head of its {@code README.md}, with {@code .huggingface.yaml} before it.
 *
 * @param file where it is written, for messages
 * @param configs in order; at least one
 * @param described the configuration that is meant without a name if none is marked: the only one that {@code dataset_info} describes
 */
record DatasetCard(Path file, List<DatasetConfig> configs, Optional<String> described) {

    private static final String README = "README.md";
    private static final String YAML_ALONE = ".huggingface.yaml";

    /** The heads of large collections have a few hundred thousand. */
    private static final int MOST_BYTES = 16 << 20;

    /** At the beginning, between two lines of three hyphens. */
    private static final Pattern HEAD = Pattern.compile("\\A\\s*---(?:\\r\\n|\\r|\\n)");

    private static final Pattern HEAD_END = Pattern.compile("(?:\\r\\n|\\r|\\n)---[ \\t]*(?:\\r\\n|\\n|\\z)");

    DatasetCard {
        configs = List.copyOf(configs);
    }

    /**
     * Reads what is written in a folder; without configurations, there is the one of all files.
     *
     * @throws CliException if it cannot be read, or something in it is not understood
     */
    static DatasetCard read(Path folder) throws IOException {
        Path readme = folder.resolve(README);
        Path alone = folder.resolve(YAML_ALONE);
        Map<Object, Object> written = new LinkedHashMap<>();
        if (Files.isRegularFile(readme)) {
            written.putAll(mapping(head(text(readme)), readme));
        }
        if (Files.isRegularFile(alone)) {
            written.putAll(mapping(text(alone), alone));
        }
        return of(readme, written);
    }

    private static DatasetCard of(Path file, Map<?, ?> written) {
        Object configs = written.get("configs");
        try {
            List<DatasetConfig> read = configs == null ? List.of() : DatasetConfigs.read(configs);
            return new DatasetCard(
                    file,
                    read.isEmpty() ? List.of(DatasetConfig.BY_NAMES) : read,
                    DatasetConfigs.described(written.get("dataset_info")));
        } catch (CliException e) {
            throw new CliException(ExitCode.USAGE, "%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw CliException.usage("%s is larger than %d MiB. Shorten it, or give the files without it."
                        .formatted(file, MOST_BYTES >> 20));
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
    }

    private static String head(String readme) {
        Matcher begins = HEAD.matcher(readme);
        Matcher ends = HEAD_END.matcher(readme);
        return begins.find() && ends.find(begins.end()) ? readme.substring(begins.end(), ends.start()) : "";
    }

    private static Map<?, ?> mapping(String yaml, Path file) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setCodePointLimit(MOST_BYTES)
                .build();
        try {
            Object read = new Load(settings).loadFromString(yaml);
            if (read == null) {
                return Map.of();
            }
            if (read instanceof Map<?, ?> mapping) {
                return mapping;
            }
        } catch (YamlEngineException e) {
            throw notYaml(file, String.valueOf(e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw notYaml(file, "it nests too deeply", e);
        }
        throw CliException.usage("%s: the YAML at its head is not a mapping, such as configs: [...].".formatted(file));
    }

    private static CliException notYaml(Path file, String reason, Throwable cause) {
        return new CliException(
                ExitCode.USAGE,
                "%s: the YAML at its head cannot be read (%s). Correct it, or take it out to go by the names of the files."
                        .formatted(file, reason.replaceAll("\\s+", " ").strip()),
                cause);
    }

    /**
     * The configuration that is meant.
     *
     * @param name empty: the default
     * @throws CliException if there is no such, or it is not clear which
     */
    DatasetConfig config(Optional<String> name) {
        List<DatasetConfig> meant = named(name);
        if (meant.size() == 1) {
            return meant.get(0);
        }
        String all = configs.stream().map(DatasetConfig::name).collect(Collectors.joining(", "));
        if (name.isPresent()) {
            throw CliException.usage("--config %s: %s has %s."
                    .formatted(
                            name.get(),
                            file.getParent(),
                            configs.contains(DatasetConfig.BY_NAMES) ? "no configurations; leave it out" : all));
        }
        throw CliException.usage(
                "%s has the configurations %s; name one by --config.".formatted(file.getParent(), all));
    }

    private List<DatasetConfig> named(Optional<String> name) {
        if (name.isPresent()) {
            return configs.stream()
                    .filter(config -> config.name().equals(name.get()))
                    .toList();
        }
        if (configs.size() == 1) {
            return configs;
        }
        List<DatasetConfig> marked = new ArrayList<>(configs);
        marked.removeIf(config -> !config.isDefault());
        return marked.isEmpty() && described.isPresent() ? named(described) : marked;
    }
}
