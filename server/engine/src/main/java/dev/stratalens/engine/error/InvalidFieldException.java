package dev.stratalens.engine.error;

import java.util.List;
import java.util.OptionalLong;

/** Thrown if a field of a request is wrong. */
public final class InvalidFieldException extends LensFailure {

    /** The kind of fault. */
    public enum Problem {
        /** The field is required. */
        MISSING,
        /** The value is outside minimum .. maximum. */
        OUT_OF_RANGE,
        /** A value occurs twice. */
        DUPLICATE,
        /** The field has more elements than maximum. */
        TOO_MANY,
        /** The value is unknown here. */
        NOT_UNDERSTOOD,
        /** The value is valid, but this version or model does not offer it. */
        NOT_AVAILABLE
    }

    private final String field;
    private final Problem problem;
    private final String given;
    private final OptionalLong minimum;
    private final OptionalLong maximum;
    private final List<String> allowed;

    private InvalidFieldException(
            String field, Problem problem, String given, OptionalLong minimum, OptionalLong maximum, String message) {
        this(field, problem, given, minimum, maximum, List.of(), message);
    }

    private InvalidFieldException(
            String field,
            Problem problem,
            String given,
            OptionalLong minimum,
            OptionalLong maximum,
            List<String> allowed,
            String message) {
        super(message);
        this.allowed = List.copyOf(allowed);
        this.field = field;
        this.problem = problem;
        this.given = given;
        this.minimum = minimum;
        this.maximum = maximum;
    }

    /**
     * A value that is missing, given twice or unknown.
     *
     * @param field path as in the proto, with an index if it repeats: {@code layers[1].last}
     * @param remedy a sentence that says what to do
     */
    public static InvalidFieldException of(String field, Problem problem, String given, String remedy) {
        return new InvalidFieldException(
                field,
                problem,
                given,
                OptionalLong.empty(),
                OptionalLong.empty(),
                "%s: %s. %s".formatted(field, describe(problem, given), remedy));
    }

    /**
     * A value that is understood, but that this model does not have.
     *
     * @param what the message without the field and its period
     * @param allowed names that it has
     */
    public static InvalidFieldException notThere(
            String field, String given, String what, List<String> allowed, String remedy) {
        return new InvalidFieldException(
                field,
                Problem.NOT_UNDERSTOOD,
                given,
                OptionalLong.empty(),
                OptionalLong.empty(),
                allowed,
                "%s: %s. %s".formatted(field, what, remedy));
    }

    /** A value or count outside minimum .. maximum. */
    public static InvalidFieldException outOfRange(
            String field, long given, long minimum, long maximum, String remedy) {
        return new InvalidFieldException(
                field,
                Problem.OUT_OF_RANGE,
                Long.toString(given),
                OptionalLong.of(minimum),
                OptionalLong.of(maximum),
                "%s: %d is out of range; allowed: %d to %d. %s".formatted(field, given, minimum, maximum, remedy));
    }

    /** More elements than allowed. */
    public static InvalidFieldException tooMany(String field, long given, long maximum, String remedy) {
        return new InvalidFieldException(
                field,
                Problem.TOO_MANY,
                Long.toString(given),
                OptionalLong.empty(),
                OptionalLong.of(maximum),
                "%s: %d given; at most %d allowed. %s".formatted(field, given, maximum, remedy));
    }

    private static String describe(Problem problem, String given) {
        return switch (problem) {
            case MISSING -> "must be given";
            case OUT_OF_RANGE -> given + " is out of range";
            case DUPLICATE -> given + " is given twice";
            case TOO_MANY -> given + " is too many";
            case NOT_UNDERSTOOD -> "\"" + given + "\" is not understood";
            case NOT_AVAILABLE -> "\"" + given + "\" is not available";
        };
    }

    public String field() {
        return field;
    }

    public Problem problem() {
        return problem;
    }

    public String given() {
        return given;
    }

    public OptionalLong minimum() {
        return minimum;
    }

    public OptionalLong maximum() {
        return maximum;
    }

    /** Allowed values, if they are names; else none. */
    public List<String> allowed() {
        return allowed;
    }
}
