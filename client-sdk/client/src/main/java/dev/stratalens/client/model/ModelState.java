package dev.stratalens.client.model;

/** State of a model in the server. */
public enum ModelState {
    /** A state that this client does not know. */
    UNKNOWN,
    /** Weights are being read; requests wait. */
    LOADING,
    /** Requests are answered. */
    READY,
    /** Loading failed; requests get the same error, until after a pause one of them makes the server try again. */
    FAILED,
    /** It takes no memory; the next request loads it and waits. */
    NOT_LOADED,
    /** Earlier requests are answered, then its memory is freed; later ones wait and load it again. */
    UNLOADING
}
