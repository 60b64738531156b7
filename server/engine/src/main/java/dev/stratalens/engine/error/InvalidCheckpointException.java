package dev.stratalens.engine.error;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A model's files cannot be used. */
public final class InvalidCheckpointException extends LensFailure {

    /** What kind of fault. */
    public enum Problem {
        /** A file or the directory is missing. */
        MISSING_FILE,
        /** A file ends before its header says. */
        TRUNCATED,
        /** A file's header or contents contradict themselves, or are no numbers to compute with. */
        CORRUPT,
        /** The files are right, but the arithmetic leaves the range of the type in which it is done. */
        OVERFLOW,
        /** Tensors are missing or unknown, or their shapes or types are wrong. */
        TENSORS,
        /** The configuration lacks a key or has a value that is not understood. */
        CONFIGURATION,
        /** The tokenizer is missing or cannot be read. */
        TOKENIZER
    }

    /** Where Gson's message says that it stumbled; the rest of it speaks to programmers. */
    private static final Pattern JSON_POSITION = Pattern.compile("line \\d+ column \\d+");

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

    /**
     * What is wrong with a file as a whole.
     *
     * @param what clause without its subject and its last full stop
     */
    public static InvalidCheckpointException of(Problem problem, String file, String what) {
        return new InvalidCheckpointException(problem, file, List.of(), "%s %s.".formatted(file, what));
    }

    /** The same of a file somewhere; only its name is told. */
    public static InvalidCheckpointException of(Problem problem, Path file, String what) {
        return of(problem, String.valueOf(file.getFileName()), what);
    }

    /** What is wrong with a key, or anything else that has a name, in a file. */
    public static InvalidCheckpointException of(Problem problem, String file, String offender, String what) {
        return new InvalidCheckpointException(
                problem, file, List.of(offender), "%s: %s %s.".formatted(file, offender, what));
    }

    /** What is wrong with a tensor in a file. */
    public static InvalidCheckpointException ofTensor(Problem problem, String file, String tensor, String what) {
        return new InvalidCheckpointException(
                problem, file, List.of(tensor), "%s: tensor \"%s\" %s.".formatted(file, tensor, what));
    }

    /** A file or directory that the system does not let us read. */
    public static InvalidCheckpointException unreadable(Problem problem, Path file, IOException cause) {
        String kind = cause.getClass().getSimpleName();
        return of(problem, file, "cannot be read (%s). Check its permissions and the disk".formatted(kind));
    }

    /**
     * A JSON file that cannot be parsed.
     *
     * @param expected what the file should be, with its article: {@code an index}
     * @param cause what the parser threw
     */
    public static InvalidCheckpointException malformed(Problem problem, String file, String expected, Exception cause) {
        Matcher position = JSON_POSITION.matcher(String.valueOf(cause.getMessage()));
        return of(
                problem,
                file,
                "is not %s%s. Download it again"
                        .formatted(expected, position.find() ? " (%s)".formatted(position.group()) : ""));
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
