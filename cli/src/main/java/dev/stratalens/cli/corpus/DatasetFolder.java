package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder with the data files of a dataset. Which of them make a split is what the library datasets says: as the {@link DatasetCard}
 * has it, or else by {@link SplitNames}.
 */
final class DatasetFolder {

    /** Rows that the library reads, and this command does not. */
    private static final Set<String> OTHER_ROWS = Set.of(
            "arrow", "geoparquet", "gpq", "zip", "tar", "xml", "conll", "conllu", "hdf5", "h5", "lance", "vortex");

    private static final Set<String> OWN_ROWS = Set.of("parquet", "csv", "tsv", "jsonl", "ndjson", "json", "txt");

    private final Path folder;
    private final DatasetConfig config;
    /** Below the folder, with slashes, in order. */
    private final List<String> files;

    private DatasetFolder(Path folder, DatasetConfig config, List<String> files) {
        this.folder = folder;
        this.config = config;
        this.files = files;
    }

    /**
     * The data files that are meant, in the order in which they are read, and their format.
     *
     * @throws CliException if there is none, it is not clear which are meant, or one is missing
     */
    static Corpus corpus(Path folder, CorpusSelection selection) throws IOException {
        DatasetConfig config = DatasetCard.read(folder).config(selection.config());
        Path base = folder.resolve(config.folder());
        if (!Files.isDirectory(base)) {
            throw CliException.usage("%s, the folder of the configuration \"%s\", is not there. Fetch it, too."
                    .formatted(base, config.name()));
        }
        List<String> files;
        try (Stream<Path> all = Files.walk(base, FileVisitOption.FOLLOW_LINKS)) {
            files = all.filter(Files::isRegularFile)
                    .map(file -> base.relativize(file)
                            .toString()
                            .replace(base.getFileSystem().getSeparator(), "/"))
                    .sorted()
                    .toList();
        }
        return new DatasetFolder(base, config, files).corpus(selection);
    }

    private Corpus corpus(CorpusSelection selection) {
        if (files.stream().allMatch(file -> CorpusFormat.ofEnding(file).isEmpty())) {
            throw CliException.usage(
                    "%s has no file that ends with .parquet, .csv, .tsv, .jsonl, .json or .txt. A dataset in another form is first saved as one of these, for example by to_parquet() of the library datasets."
                            .formatted(folder));
        }
        boolean byNames = config.splits().isEmpty();
        Map<String, List<FilePattern>> splits = byNames ? SplitNames.find(files) : config.splits();
        String split = split(splits.keySet(), selection.split());
        Set<String> meant = new LinkedHashSet<>();
        for (FilePattern pattern : splits.getOrDefault(split, List.of())) {
            List<String> matched = matched(pattern, selection.format());
            if (!byNames && matched.isEmpty()) {
                throw CliException.usage(
                        "%s: \"%s\" of the split \"%s\" matches no file that is read. Fetch its files, or correct the README.md beside them."
                                .formatted(folder, pattern, split));
            }
            if (byNames || pattern.takesAllShards()) {
                Shards.requireComplete(folder, matched);
            }
            meant.addAll(matched);
        }
        if (meant.isEmpty()) {
            throw CliException.usage(
                    "%s: the split \"%s\", which the names of files or folders tell, has no file that is read. Give the folder or the file of the data."
                            .formatted(folder, split));
        }
        List<String> read = ofFormat(meant, selection.format());
        if (byNames) {
            requireDifferentNames(read);
        }
        CorpusFormat format = selection.format().or(config::format).orElseGet(() -> format(read));
        return new Corpus(
                read.stream().map(folder::resolve).toList(),
                format,
                selection.columns().orElse(CorpusColumns.TEXT));
    }

    private String split(Set<String> splits, Optional<String> wanted) {
        String words = String.join(", ", splits);
        if (wanted.isEmpty() && splits.size() > 1) {
            throw CliException.usage("%s has the splits %s; name one by --split.".formatted(folder, words));
        }
        String split = wanted.orElseGet(() -> splits.iterator().next());
        if (!splits.contains(split)) {
            throw CliException.usage("--split %s: %s has %s.".formatted(split, folder, words));
        }
        return split;
    }

    /** The files of a pattern that are read. Others are left out unless they have rows and no format was given. */
    private List<String> matched(FilePattern pattern, Optional<CorpusFormat> format) {
        List<String> matched = new ArrayList<>();
        for (String file : files) {
            if (pattern.matches(file)) {
                if (CorpusFormat.ofEnding(file).isPresent()) {
                    matched.add(file);
                } else if (format.isEmpty() && hasOtherRows(file)) {
                    throw CliException.usage(
                            "%s is in a form that is not read. Save it as .parquet, or decompress it; --input-format leaves out what is of no use."
                                    .formatted(folder.resolve(file)));
                }
            }
        }
        return matched;
    }

    /** In another form, or compressed in another way: any part of the name may say so. */
    private static boolean hasOtherRows(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return Stream.of(name.split("\\."))
                .skip(1)
                .anyMatch(part -> OTHER_ROWS.contains(part) || OWN_ROWS.contains(part));
    }

    /** Files of the format are enough, if there are any. */
    private static List<String> ofFormat(Collection<String> meant, Optional<CorpusFormat> format) {
        List<String> ofFormat = meant.stream()
                .filter(file ->
                        format.isPresent() && CorpusFormat.ofEnding(file).equals(format))
                .toList();
        return ofFormat.isEmpty() ? List.copyOf(meant) : ofFormat;
    }

    private CorpusFormat format(List<String> read) {
        Set<CorpusFormat> formats = read.stream()
                .map(file -> CorpusFormat.ofEnding(file).orElseThrow())
                .collect(Collectors.toCollection(TreeSet::new));
        if (formats.size() > 1) {
            throw CliException.usage("%s has files of several formats: %s. Name one by --input-format."
                    .formatted(folder, inWords(formats)));
        }
        return formats.iterator().next();
    }

    /** Where no configurations are written, the same names in several folders are a sign of them. */
    private void requireDifferentNames(List<String> read) {
        Map<String, List<String>> folders = read.stream()
                .collect(Collectors.groupingBy(
                        file -> file.substring(file.lastIndexOf('/') + 1),
                        Collectors.mapping(
                                file -> file.contains("/") ? file.substring(0, file.lastIndexOf('/')) : ".",
                                Collectors.toList())));
        folders.forEach((name, in) -> {
            if (in.size() > 1) {
                throw CliException.usage(
                        "%s has a %s in several folders, as configurations have: %s. Give the folder of one, or write a README.md with configs that has the files."
                                .formatted(folder, name, inWords(in)));
            }
        });
    }

    private static String inWords(Collection<?> items) {
        return items.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
