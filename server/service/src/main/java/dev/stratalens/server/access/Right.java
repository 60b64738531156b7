package dev.stratalens.server.access;

/** What can be allowed, for a model. */
public enum Right {
    /** The model is listed and described, and reads texts. Without it, the model does not exist for the caller. */
    SEE,
    ANALYZE,
    GENERATE,
    /** Change what the model computes. */
    INTERVENE,
    /** Load and unload. */
    MANAGE
}
