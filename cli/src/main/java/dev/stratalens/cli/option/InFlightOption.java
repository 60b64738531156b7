package dev.stratalens.cli.option;

import dev.stratalens.cli.failure.CliException;
import picocli.CommandLine.Option;

/** How many prompts of a file are computed at once. */
public final class InFlightOption {

    private static final int MOST = 1024;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Prompts at once, 1 to 1024 (default: 16). More for short prompts, fewer for long ones: their"
                    + " results take memory.")
    public int limit = 16;

    /** Refuses a number out of range, before anything is read. */
    public void check() {
        if (limit < 1 || limit > MOST) {
            throw CliException.usage("--in-flight: %d is outside 1 .. %d.".formatted(limit, MOST));
        }
    }
}
