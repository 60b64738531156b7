package dev.stratalens.server.models;

/** When a model is loaded first. However that was, one that has been unloaded is loaded with the next request for it. */
public enum LoadPolicy {
    /** When the server starts. */
    START,
    /** With the first request for it, which waits. */
    ON_DEMAND
}
