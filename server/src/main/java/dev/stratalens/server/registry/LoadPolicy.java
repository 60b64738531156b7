package dev.stratalens.server.registry;

/** When a model is loaded. */
public enum LoadPolicy {
    /** When the server starts. */
    START,
    /** With the first request for it, which waits. */
    ON_DEMAND
}
