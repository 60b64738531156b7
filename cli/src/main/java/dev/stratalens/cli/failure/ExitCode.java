package dev.stratalens.cli.failure;

import dev.stratalens.client.error.ErrorCode;

/** Exit codes of the command. Scripts rely on the numbers. */
public enum ExitCode {
    /** Done. */
    OK(0, "done"),
    /** A fault of the program or the machine. */
    INTERNAL(1, "a fault of the program or the machine"),
    /** An option, the prompt or a selection is wrong. */
    USAGE(2, "wrong usage or input"),
    /** The model is unknown or its files cannot be used. */
    MODEL(3, "the model is unknown or cannot be loaded"),
    /** The server cannot be reached, or is stopping. */
    UNAVAILABLE(4, "the server cannot be reached or did not answer in time"),
    /** The request needs more than the server grants now. */
    RESOURCES(5, "a limit of memory or queue was reached, or a model is in use"),
    /** A batch was done, but not every prompt has a result. */
    PARTIAL(6, "some prompts of a batch failed"),
    /** Stopped by the user. */
    INTERRUPTED(130, "interrupted"),
    /** The reader of standard output closed it, as {@code head} does. The number is that of a process ended by SIGPIPE. */
    READER_GONE(141, "the reader of standard output closed it");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** In a few words, for the help. */
    public String meaning() {
        return meaning;
    }

    /** The exit code for a failed call. */
    public static ExitCode of(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST, PROMPT_TOO_LONG, UNAUTHENTICATED, NOT_ALLOWED, NOT_AVAILABLE, REFUSED -> USAGE;
            case UNKNOWN_MODEL, UNSUPPORTED_ARCHITECTURE, INVALID_CHECKPOINT, MODEL_SOURCE -> MODEL;
            case UNAVAILABLE, DEADLINE_EXCEEDED -> UNAVAILABLE;
            case MEMORY_LIMIT,
                    MODEL_MEMORY,
                    MODEL_IN_USE,
                    QUEUE_FULL,
                    DEADLINE_TOO_SHORT,
                    QUOTA_EXCEEDED,
                    READER_TOO_SLOW,
                    LIMIT_EXCEEDED -> RESOURCES;
            case CANCELLED -> INTERRUPTED;
            case BROKEN_STREAM, INTERNAL -> INTERNAL;
        };
    }
}
