package dev.stratalens.engine.error;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Thrown if a model's files cannot be used. */
public final class InvalidCheckpointException extends LensFailure {

    /** The kind of fault. */
    public enum Problem {
        /** A file or the directory is missing. */
        MISSING_FILE,
        /** A file is shorter than its header says. */
        TRUNCATED,
        /** A file contradicts itself, or holds NaN or infinity. */
        CORRUPT,
        /** The files are valid, but the computation overflows the compute type. */
        OVERFLOW,
        /** Tensors are missing or unknown, or their shapes or types are wrong. */
        TENSORS,
        /** The configuration lacks a key, or a value in it is unknown. */
        CONFIGURATION,
        /** The tokenizer is missing or cannot be read. */
        TOKENIZER
    }

    /** The place of an error in Gson's message; the rest of the message is for programmers. */
    private static final Pattern JSON_POSITION = Pattern.compile("line \\d+ column \\d+");

    private final Problem problem;
    private final String file;
    private final List<String> offenders;

    /**
     * @param file name of the file, without its directory
     * @param offenders names of the tensors or keys at fault
     * @param message what is wrong, what was expected, what to do
     */
    public InvalidCheckpointException(Problem problem, String file, List<String> offenders, String message) {
        super(message);
        this.problem = problem;
        this.file = file;
        this.offenders = List.copyOf(offenders);
    }

    /**
     * A fault of a whole file.
     *
     * @param what the message without its subject and its final period
     */
    public static InvalidCheckpointException of(Problem problem, String file, String what) {
        return new InvalidCheckpointException(problem, file, List.of(), "%s %s.".formatted(file, what));
    }

    /** The same for a path; the message has only the file name. */
    public static InvalidCheckpointException of(Problem problem, Path file, String what) {
        return of(problem, String.valueOf(file.getFileName()), what);
    }

    /** A fault of a key, or of another named part, in a file. */
    public static InvalidCheckpointException of(Problem problem, String file, String offender, String what) {
        return new InvalidCheckpointException(
                problem, file, List.of(offender), "%s: %s %s.".formatted(file, offender, what));
    }

    /** A fault of a tensor in a file. */
    public static InvalidCheckpointException ofTensor(Problem problem, String file, String tensor, String what) {
        return new InvalidCheckpointException(
                problem, file, List.of(tensor), "%s: tensor \"%s\" %s.".formatted(file, tensor, what));
    }

    /** A file or directory that the system refuses to read. */
    public static InvalidCheckpointException unreadable(Problem problem, Path file, IOException cause) {
        return of(
                problem,
                file,
                "cannot be read (%s). Check its permissions and the disk".formatted(FileFault.words(cause)));
    }

    /**
     * A JSON file that cannot be parsed.
     *
     * @param expected what the file should be, with its article: {@code an index}
     * @param cause the exception of the parser
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
