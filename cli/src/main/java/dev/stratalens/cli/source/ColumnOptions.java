package dev.stratalens.cli.source;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What rows have beside their texts. Whoever reads the rows numbers those that have no id. */
public final class ColumnOptions {

    @Option(names = "--id-column", paramLabel = "NAME", description = "Column with the ids (default: numbers).")
    public @Nullable String id;

    @Option(names = "--type-column", paramLabel = "NAME", description = "Column with the types (default: none).")
    public @Nullable String type;

    @Option(
            names = "--target-column",
            paramLabel = "NAME",
            description = "Column with a target for each text (default: none).")
    public @Nullable String target;
}
