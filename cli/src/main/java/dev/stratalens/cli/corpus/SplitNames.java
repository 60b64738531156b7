package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds splits by names of files and folders, as the library datasets does where nothing is written about them: by the first of
 * these that any file has: shards in {@code data}, a folder's name, a file's name. Else all files are {@code train}.
 */
final class SplitNames {

    private static final Pattern SHARD = Pattern.compile("(.+)-[0-9]{5}-of-[0-9]{5}.*\\..*");
    private static final String SHARDS = "data/%s-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9]*.*";

    /** A name of a split, in configurations too. */
    static final Pattern NAME = Pattern.compile("\\w+(\\.\\w+)*", Pattern.UNICODE_CHARACTER_CLASS);

    private static final String TRAIN = "train";

    private static final Map<String, List<String>> WORDS = words();

    private SplitNames() {}

    private static Map<String, List<String>> words() {
        Map<String, List<String>> words = new LinkedHashMap<>(); // in the order in which they are listed
        words.put(TRAIN, List.of(TRAIN, "training"));
        words.put("validation", List.of("validation", "valid", "dev", "val"));
        words.put("test", List.of("test", "testing", "eval", "evaluation"));
        return words;
    }

    /**
     * The splits, each with the patterns of its files.
     *
     * @param files all that the folder has, whether they are data or not
     * @throws CliException if the name of a shard has no name for a split
     */
    static Map<String, List<FilePattern>> find(Collection<String> files) {
        Map<String, List<FilePattern>> shards = shards(files);
        if (!shards.isEmpty()) {
            return shards;
        }
        List<Function<String, Stream<String>>> ways = List.of(SplitNames::ofFolders, SplitNames::ofFiles);
        for (Function<String, Stream<String>> way : ways) {
            Map<String, List<FilePattern>> splits = new LinkedHashMap<>();
            WORDS.forEach((split, words) -> {
                List<FilePattern> patterns =
                        words.stream().flatMap(way).map(FilePattern::of).toList();
                if (files.stream().anyMatch(file -> patterns.stream().anyMatch(pattern -> pattern.matches(file)))) {
                    splits.put(split, patterns);
                }
            });
            if (!splits.isEmpty()) {
                return splits;
            }
        }
        return Map.of(TRAIN, List.of(FilePattern.of("**")));
    }

    private static Map<String, List<FilePattern>> shards(Collection<String> files) {
        FilePattern any = FilePattern.of(SHARDS.formatted("*"));
        TreeSet<String> found = new TreeSet<>();
        for (String file : files) {
            Matcher shard = SHARD.matcher(file.substring(file.lastIndexOf('/') + 1));
            if (any.matches(file) && shard.matches()) {
                found.add(shard.group(1));
                if (!NAME.matcher(shard.group(1)).matches()) {
                    throw CliException.usage(
                            "%s: \"%s\" does not name a split, which has letters, digits and underscores. Rename the file, or give it alone."
                                    .formatted(file, shard.group(1)));
                }
            }
        }
        List<String> inOrder = new ArrayList<>(WORDS.keySet());
        inOrder.retainAll(found);
        found.stream().filter(split -> !WORDS.containsKey(split)).forEach(inOrder::add);
        Map<String, List<FilePattern>> splits = new LinkedHashMap<>();
        inOrder.forEach(split -> splits.put(split, List.of(FilePattern.of(SHARDS.formatted(split)))));
        return splits;
    }

    private static Stream<String> ofFolders(String word) {
        return Stream.of("**/%s/**", "**/%s[-._ 0-9]*/**", "**/*[-._ 0-9]%s/**", "**/*[-._ 0-9]%s[-._ 0-9]*/**")
                .map(pattern -> pattern.formatted(word));
    }

    private static Stream<String> ofFiles(String word) {
        return Stream.of("**/%s[-._ 0-9]*", "**/*[-._ 0-9]%s[-._ 0-9]*").map(pattern -> pattern.formatted(word));
    }
}
