package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the configurations in the YAML of a dataset. What could change which rows there are is a fault if it is not known here. */
final class DatasetConfigs {

    private static final String NAME = "config_name";
    private static final String FILES = "data_files";
    private static final String FOLDER = "data_dir";
    private static final String DEFAULT = "default";
    private static final String SPLIT = "split";
    private static final String PATH = "path";

    /** Of a CSV file. */
    private static final Set<String> SEPARATORS = Set.of("sep", "delimiter");

    /** Say nothing about which rows there are. */
    private static final Set<String> BESIDE = Set.of("features", "version", "description", "license");

    private DatasetConfigs() {}

    /**
     * The configurations of {@code configs}.
     *
     * @throws CliException if it is not a list of them, names one twice or marks two as the default
     */
    static List<DatasetConfig> read(Object configs) {
        if (!(configs instanceof List<?> list)) {
            throw CliException.usage("configs is not a list of configurations.");
        }
        List<DatasetConfig> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Object each : list) {
            DatasetConfig config = config(each);
            read.add(config);
            if (!names.add(config.name())) {
                throw CliException.usage("configs has \"%s\" twice; take one of them out.".formatted(config.name()));
            }
        }
        List<String> defaults = read.stream()
                .filter(DatasetConfig::isDefault)
                .map(DatasetConfig::name)
                .toList();
        if (defaults.size() > 1) {
            throw CliException.usage("configs has several defaults: %s. Mark one, and name none \"default\" beside it."
                    .formatted(String.join(", ", defaults)));
        }
        return read;
    }

    /** The only configuration that {@code dataset_info} describes. */
    static Optional<String> described(@Nullable Object info) {
        List<?> descriptions = info instanceof List<?> list ? list : info == null ? List.of() : List.of(info);
        return descriptions.size() == 1 && descriptions.get(0) instanceof Map<?, ?> only
                ? Optional.of(only.get(NAME) instanceof String name ? name : DEFAULT)
                : Optional.empty();
    }

    private static DatasetConfig config(Object config) {
        if (!(config instanceof Map<?, ?> parts) || !(parts.get(NAME) instanceof String name) || name.isEmpty()) {
            throw CliException.usage(
                    "a configuration has no config_name that is text. Name it, with quotes around a number.");
        }
        try {
            return config(name, parts);
        } catch (CliException e) {
            throw new CliException(ExitCode.USAGE, "configuration \"%s\": %s".formatted(name, e.getMessage()), e);
        }
    }

    private static DatasetConfig config(String name, Map<?, ?> parts) {
        Optional<CorpusFormat> format = Optional.empty();
        for (Map.Entry<?, ?> part : parts.entrySet()) {
            String key = String.valueOf(part.getKey());
            if (SEPARATORS.contains(key)) {
                format = Optional.of(separated(key, part.getValue()));
            } else if (!Set.of(NAME, FILES, FOLDER, DEFAULT).contains(key) && !BESIDE.contains(key)) {
                throw CliException.usage(
                        "\"%s\" is not understood, and may change the rows. Write the dataset as Parquet, or take it out if it does not."
                                .formatted(key));
            }
        }
        Map<String, List<FilePattern>> splits = parts.get(FILES) == null ? Map.of() : splits(parts.get(FILES));
        return new DatasetConfig(name, folder(parts.get(FOLDER)), splits, format, isDefault(name, parts.get(DEFAULT)));
    }

    private static CorpusFormat separated(String key, @Nullable Object value) {
        if (",".equals(value)) {
            return CorpusFormat.CSV;
        }
        if ("\t".equals(value)) {
            return CorpusFormat.TSV;
        }
        throw CliException.usage(
                "%s \"%s\" is not read: values are separated by commas or by tabs. Write the files so first."
                        .formatted(key, value));
    }

    private static String folder(@Nullable Object folder) {
        if (folder == null) {
            return "";
        }
        if (!(folder instanceof String path)) {
            throw CliException.usage("data_dir is not the path of a folder.");
        }
        FilePattern pattern = FilePattern.of(path.replaceAll("/+$", ""));
        if (!pattern.isPlain()) {
            throw CliException.usage("data_dir \"%s\" is a pattern; name one folder.".formatted(path));
        }
        return pattern.toString();
    }

    private static boolean isDefault(String name, @Nullable Object marked) {
        if (marked != null && !(marked instanceof Boolean)) {
            throw CliException.usage("default is \"%s\"; write true or false.".formatted(marked));
        }
        return name.equals(DEFAULT) || Boolean.TRUE.equals(marked);
    }

    private static Map<String, List<FilePattern>> splits(Object files) {
        List<?> entries = files instanceof List<?> list ? list : List.of(files);
        if (!entries.isEmpty() && entries.stream().allMatch(entry -> entry instanceof String)) {
            return Map.of("train", patterns(entries));
        }
        Map<String, List<FilePattern>> splits = new LinkedHashMap<>();
        for (Object entry : entries) {
            if (!(entry instanceof Map<?, ?> parts)
                    || !parts.keySet().equals(Set.of(SPLIT, PATH))
                    || !(parts.get(SPLIT) instanceof String split)
                    || !SplitNames.NAME.matcher(split).matches()) {
                throw notFiles();
            }
            Object path = parts.get(PATH);
            if (splits.put(
                            split,
                            patterns(path instanceof List<?> list ? list : path == null ? List.of() : List.of(path)))
                    != null) {
                throw CliException.usage(
                        "data_files has the split \"%s\" twice; give it one list of paths.".formatted(split));
            }
        }
        if (splits.isEmpty()) {
            throw notFiles();
        }
        return splits;
    }

    private static List<FilePattern> patterns(List<?> paths) {
        if (paths.isEmpty() || !paths.stream().allMatch(path -> path instanceof String)) {
            throw notFiles();
        }
        return paths.stream().map(path -> FilePattern.of((String) path)).collect(Collectors.toList());
    }

    private static CliException notFiles() {
        return CliException.usage(
                "data_files is neither a path, a list of paths, nor a list of {split: train, path: data/train*.csv}; splits have letters, digits and underscores.");
    }
}
