package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** The caller is known, but may not do this. */
public final class NotAllowedException extends LensFailure {

    private final String right;
    private final String model;

    /**
     * A right is missing.
     *
     * @param right as in the policy, such as {@code analyze}
     */
    public static NotAllowedException withoutRight(String principal, String right, String model) {
        return new NotAllowedException(
                "\"%s\" does not have the right \"%s\" for model \"%s\". The access policy of this server gives it; ask its operator."
                        .formatted(principal, right, model),
                right,
                model);
    }

    private NotAllowedException(String message, String right, String model) {
        super(message);
        this.right = right;
        this.model = model;
    }

    /** The policy does not know the principal. */
    public static NotAllowedException withoutGroup(String principal) {
        return new NotAllowedException(
                "The access policy of this server has no group for \"%s\", and no group named default. Ask its operator for one."
                        .formatted(principal),
                "",
                "");
    }

    /** The missing right; empty where there is none at all. */
    public String right() {
        return right;
    }

    /** The model; empty where it does not matter. */
    public String model() {
        return model;
    }
}
