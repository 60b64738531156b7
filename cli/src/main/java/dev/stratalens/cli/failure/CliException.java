package dev.stratalens.cli.failure;

import java.util.Objects;

/** Ends the command with a message and an exit code. The message names what was given and what to do. */
public final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;

    public CliException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CliException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Wrong usage or input. */
    public static CliException usage(String message) {
        return new CliException(ExitCode.USAGE, message);
    }

    /** Never null, unlike that of other exceptions. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
