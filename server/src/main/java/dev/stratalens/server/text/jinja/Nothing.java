package dev.stratalens.server.text.jinja;

/** Python's None. */
enum Nothing {
    NONE
}
