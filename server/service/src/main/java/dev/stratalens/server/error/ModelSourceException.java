package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** A model is not available at its source. */
public final class ModelSourceException extends LensFailure {

    /** What kind of fault. */
    public enum Problem {
        /** There is no such repository, revision or file. */
        NOT_FOUND,
        /** The hub wants a token, another token, or that its conditions are accepted. */
        ACCESS_DENIED,
        /** The network may not be used, and the cache does not hold the model. */
        NOT_CACHED,
        /** The disk has no room, or the cache cannot be written. */
        STORAGE,
        /** The hub does not answer, answers nonsense, or asks to come back later. */
        UNREACHABLE,
        /** What came is not what the hub promised. */
        DAMAGED,
        /** The repository holds no weights that can be read. */
        UNUSABLE
    }

    private final Problem problem;

    /** @param message what was asked for, what stands in the way, what to do */
    public ModelSourceException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
