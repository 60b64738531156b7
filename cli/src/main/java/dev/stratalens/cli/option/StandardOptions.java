package dev.stratalens.cli.option;

import picocli.CommandLine.Option;

/** What every command has. */
public abstract class StandardOptions {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--verbose", description = "Show the stack trace of an error (STRATALENS_DEBUG=1 does, too).")
    boolean verbose;
}
