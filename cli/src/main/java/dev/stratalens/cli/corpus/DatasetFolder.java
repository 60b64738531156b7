package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder with the data files of a dataset. A file belongs to the split that its name tells, such as
 * {@code data/train-00000-of-00002.parquet} or {@code test.jsonl}, or else its folder; if neither tells, to {@code train}.
 */
final class DatasetFolder {

    private static final Pattern SHARD = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})(?:-[0-9a-f]+)?");

    /** Words for splits in names, as the library datasets reads them. */
    private static final Map<String, String> SPLITS = Map.ofEntries(
            Map.entry("train", "train"),
            Map.entry("training", "train"),
            Map.entry("validation", "validation"),
            Map.entry("valid", "validation"),
            Map.entry("val", "validation"),
            Map.entry("dev", "validation"),
            Map.entry("test", "test"),
            Map.entry("testing", "test"),
            Map.entry("eval", "test"),
            Map.entry("evaluation", "test"));

    private DatasetFolder() {}

    /**
     * The data files of a split, in the order of their names.
     *
     * @param format files of others are left out, if there are any of it; empty: all must have one
     * @param split empty if there is only one
     * @throws CliException if there is none, it is not clear which are meant, or a shard is missing
     */
    static List<Path> shards(Path folder, Optional<CorpusFormat> format, Optional<String> split) throws IOException {
        Map<String, List<Path>> splits = new TreeMap<>();
        for (Path file : data(folder, format)) {
            splits.computeIfAbsent(splitOf(folder.relativize(file)), name -> new ArrayList<>())
                    .add(file);
        }
        if (splits.isEmpty()) {
            throw CliException.usage(
                    "%s has no file that ends with .parquet, .csv, .tsv, .jsonl or .txt. A dataset in another form is first saved as one of these, for example by to_parquet() of the library datasets."
                            .formatted(folder));
        }
        if (split.isEmpty() && splits.size() > 1) {
            throw CliException.usage(
                    "%s has the splits %s; name one by --split.".formatted(folder, words(splits.keySet())));
        }
        String wanted = split.orElseGet(() -> splits.keySet().iterator().next());
        List<Path> shards = splits.getOrDefault(wanted, List.of());
        if (shards.isEmpty()) {
            throw CliException.usage("--split %s: %s has %s.".formatted(wanted, folder, words(splits.keySet())));
        }
        requireOne(
                folder,
                "formats",
                "Name one by --input-format",
                shards,
                file -> CorpusFormat.ofEnding(file.toString())
                        .map(CorpusFormat::toString)
                        .orElseThrow());
        requireOne(
                folder,
                "configurations or folders",
                "Give the folder or the file of one",
                shards,
                file -> folder.relativize(file.getParent()).toString());
        requireComplete(shards);
        return shards;
    }

    /** The files that may be meant: those of a format are enough, if there are any, because licenses and notes end with .txt, too. */
    private static List<Path> data(Path folder, Optional<CorpusFormat> format) throws IOException {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> all = files.filter(file -> isData(folder.relativize(file)) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
            List<Path> ofFormat = all.stream()
                    .filter(file -> format.isPresent()
                            && CorpusFormat.ofEnding(file.toString()).equals(format))
                    .toList();
            return ofFormat.isEmpty() ? all : ofFormat;
        }
    }

    /** Hidden files and what writers of tables leave beside them are none. */
    private static boolean isData(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
                return false;
            }
        }
        return CorpusFormat.ofEnding(relative.toString()).isPresent();
    }

    private static String stem(Path file) {
        String name = CompressedFile.nameWithin(file.getFileName().toString());
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String splitOf(Path relative) {
        Matcher shard = SHARD.matcher(stem(relative));
        if (shard.matches()) {
            return shard.group(1);
        }
        List<String> names = new ArrayList<>(List.of(stem(relative)));
        for (Path folder = relative.getParent(); folder != null; folder = folder.getParent()) {
            names.add(folder.getFileName().toString());
        }
        return names.stream()
                .flatMap(name -> Arrays.stream(name.split("[^A-Za-z]+")))
                .filter(SPLITS::containsKey)
                .map(SPLITS::get)
                .findFirst()
                .orElse("train");
    }

    private static void requireOne(
            Path folder, String what, String remedy, List<Path> shards, Function<Path, String> property) {
        Set<String> found = shards.stream().map(property).collect(Collectors.toCollection(TreeSet::new));
        if (found.size() > 1) {
            throw CliException.usage(
                    "%s has files of several %s: %s. %s.".formatted(folder, what, words(found), remedy));
        }
    }

    private static void requireComplete(List<Path> shards) {
        TreeSet<Integer> there = new TreeSet<>();
        int total = 0;
        for (Path file : shards) {
            Matcher shard = SHARD.matcher(stem(file));
            if (shard.matches()) {
                there.add(Integer.valueOf(shard.group(2)));
                total = Math.max(total, Integer.parseInt(shard.group(3)));
            }
        }
        for (int index = 0; index < total; index++) {
            if (!there.contains(index)) {
                throw CliException.usage("shard %05d of %05d is missing beside %s. Fetch it, too."
                        .formatted(index, total, shards.get(0)));
            }
        }
    }

    private static String words(Collection<String> names) {
        return String.join(", ", names);
    }
}
