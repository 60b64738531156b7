package dev.stratalens.cli.source;

import dev.stratalens.cli.failure.CliException;
import picocli.CommandLine.Option;

/** How many prompts are computed at once. */
public final class InFlightOptions {

    private static final int MOST = 1024;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Prompts at once, 1 to 1024 (default: 16). More for short prompts, fewer for long ones: their"
                    + " results take memory.")
    public int number = 16;

    /**
     * Checks the number.
     *
     * @throws CliException if it is out of range
     */
    public void check() {
        if (number < 1 || number > MOST) {
            throw CliException.usage("--in-flight: %d is outside 1 .. %d.".formatted(number, MOST));
        }
    }
}
