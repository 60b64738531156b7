package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A pattern for paths below a folder, as the library datasets reads them: {@code *}, {@code ?} and sets such as {@code [0-9]} within
 * a name, {@code **} for any folders. What is hidden, or below a folder whose name begins with {@code __}, matches only a pattern that
 * says so. Matching takes at most the product of the lengths, because patterns come from strangers.
 */
final class FilePattern {

    private static final String ANY_FOLDERS = "**";

    /** Describe a dataset and are no data, unless a pattern names them. */
    private static final Set<String> DESCRIPTIONS = Set.of(
            "README.md",
            "config.json",
            "dataset_info.json",
            "dataset_infos.json",
            "dummy_data.zip",
            "dataset_dict.json");

    private final String text;
    private final List<String> parts;
    private final List<NamePattern> names;

    private FilePattern(String text, List<String> parts) {
        this.text = text;
        this.parts = parts;
        this.names = parts.stream().map(NamePattern::of).toList();
    }

    /**
     * Reads a pattern.
     *
     * @throws CliException if it leads out of the folder, or is none
     */
    static FilePattern of(String text) {
        if (text.contains("::") || text.contains("://")) {
            throw CliException.usage(
                    "\"%s\" is not a path below the folder. Fetch the files, and give their folder.".formatted(text));
        }
        List<String> parts =
                Stream.of(text.split("/", -1)).filter(part -> !part.equals(".")).toList();
        if (parts.contains("..") || parts.contains("")) {
            throw CliException.usage(
                    "\"%s\" is not a path of files below the folder, such as data/*.parquet.".formatted(text));
        }
        if (parts.stream().anyMatch(part -> part.contains(ANY_FOLDERS) && !part.equals(ANY_FOLDERS))) {
            throw CliException.usage("\"%s\": ** stands for folders, between slashes.".formatted(text));
        }
        return new FilePattern(text, parts);
    }

    /** Whether it is the path of one file. */
    boolean isPlain() {
        return text.chars().noneMatch(character -> "*?[".indexOf(character) >= 0);
    }

    /** Whether all shards with a name are meant: no set or path chooses among them. */
    boolean takesAllShards() {
        return !isPlain() && text.indexOf('[') < 0;
    }

    /** Whether a file is meant.
     *
     * @param path below the folder, with slashes */
    boolean matches(String path) {
        List<String> given = Arrays.asList(path.split("/"));
        String name = given.get(given.size() - 1);
        return (!DESCRIPTIONS.contains(name) || name.equals(parts.get(parts.size() - 1)))
                && hidden(given) == hidden(parts)
                && special(given) == special(parts)
                && matches(given);
    }

    private static long hidden(List<String> path) {
        return path.stream().filter(name -> name.startsWith(".")).count();
    }

    private static long special(List<String> path) {
        return path.subList(0, path.size() - 1).stream()
                .filter(name -> name.startsWith("__"))
                .count();
    }

    /** From the end on: whether the pattern's rest matches the rest of the path. */
    private boolean matches(List<String> given) {
        boolean[] rest = new boolean[given.size() + 1];
        rest[given.size()] = true;
        for (int at = parts.size() - 1; at >= 0; at--) {
            boolean[] with = new boolean[given.size() + 1];
            boolean folders = parts.get(at).equals(ANY_FOLDERS);
            boolean last = at == parts.size() - 1;
            for (int from = given.size(); from >= 0; from--) {
                if (folders) {
                    with[from] = last ? from < given.size() : rest[from] || (from < given.size() && with[from + 1]);
                } else {
                    with[from] = from < given.size()
                            && rest[from + 1]
                            && names.get(at).matches(given.get(from));
                }
            }
            rest = with;
        }
        return rest[0];
    }

    @Override
    public String toString() {
        return text;
    }
}
