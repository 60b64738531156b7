package dev.stratalens.engine.text.jinja.runtime;

/** Python's None. */
public enum Nothing {
    NONE
}
