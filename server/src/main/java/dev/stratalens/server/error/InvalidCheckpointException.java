package dev.stratalens.server.error;

import java.util.List;

/** A model's files cannot be used. */
public final class InvalidCheckpointException extends LensFailure {

    /** What kind of fault. */
    public enum Problem {
        /** A file or the directory is missing. */
        MISSING_FILE,
        /** A file ends before its header says. */
        TRUNCATED,
        /** A file's header or contents contradict themselves. */
        CORRUPT,
        /** Tensors are missing or unknown, or their shapes or types are wrong. */
        TENSORS,
        /** The configuration lacks a key or has a value that is not understood. */
        CONFIGURATION,
        /** The tokenizer is missing or cannot be read. */
        TOKENIZER
    }

    private final Problem problem;
    private final String file;
    private final List<String> offenders;

    /**
     * @param file name of the file, without its directory
     * @param offenders names of the tensors or keys concerned
     * @param message what was found, what was expected, what to do
     */
    public InvalidCheckpointException(Problem problem, String file, List<String> offenders, String message) {
        super(message);
        this.problem = problem;
        this.file = file;
        this.offenders = List.copyOf(offenders);
    }

    public Problem problem() {
        return problem;
    }

    public String file() {
        return file;
    }

    public List<String> offenders() {
        return offenders;
    }
}
