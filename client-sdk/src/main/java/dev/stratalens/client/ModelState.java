package dev.stratalens.client;

/** State of a model in the server. */
public enum ModelState {
    /** A state that this client does not know. */
    UNKNOWN,
    /** Weights are being read; requests wait. */
    LOADING,
    /** Requests are answered. */
    READY,
    /** Loading failed; requests get the same error. */
    FAILED,
    /** Nobody has asked for it yet; the first request loads it and waits. */
    NOT_LOADED
}
