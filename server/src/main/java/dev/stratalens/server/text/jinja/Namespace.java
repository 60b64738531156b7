package dev.stratalens.server.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** What {@code namespace()} makes: the only value that a template can change. */
record Namespace(Map<String, Object> attributes) {

    Namespace() {
        this(new HashMap<>());
    }
}
