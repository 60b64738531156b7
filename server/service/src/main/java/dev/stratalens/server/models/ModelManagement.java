package dev.stratalens.server.models;

/** Whether callers may load and unload models. */
public enum ModelManagement {
    /** They may. */
    ALLOWED,
    /** Only requests load models, and only the memory budget unloads them. */
    REFUSED
}
