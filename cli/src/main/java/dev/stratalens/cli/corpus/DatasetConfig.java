package dev.stratalens.cli.corpus;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration of a dataset: some of its files, and the splits that they make.
 *
 * @param name among those of the dataset
 * @param folder below that of the dataset; empty: its own
 * @param splits patterns of the files of each split, below the folder, in order; empty: by the names of the files
 * @param format what is written about the format, which the names of the files do not tell; empty: nothing
 * @param isDefault whether it is marked as the one that is meant without a name
 */
record DatasetConfig(
        String name,
        String folder,
        Map<String, List<FilePattern>> splits,
        Optional<CorpusFormat> format,
        boolean isDefault) {

    /** The only one where none is written. */
    static final DatasetConfig BY_NAMES = new DatasetConfig("default", "", Map.of(), Optional.empty(), true);

    DatasetConfig {
        splits = Collections.unmodifiableMap(new LinkedHashMap<>(splits));
    }
}
