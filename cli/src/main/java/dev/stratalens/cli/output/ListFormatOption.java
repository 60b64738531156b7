package dev.stratalens.cli.output;

import picocli.CommandLine.Option;

/** {@code --format} of the commands that list facts. */
public final class ListFormatOption {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json (default: table).")
    public ListFormat format = ListFormat.TABLE;
}
