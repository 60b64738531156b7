package dev.stratalens.cli.command;

import picocli.CommandLine.Option;

/** {@code --format} of the commands that list facts. */
final class ListFormatOption {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json (default: table).")
    ListFormat format = ListFormat.TABLE;
}
