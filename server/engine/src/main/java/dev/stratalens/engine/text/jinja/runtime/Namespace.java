package dev.stratalens.engine.text.jinja.runtime;

import java.util.HashMap;
import java.util.Map;

/** What {@code namespace()} makes: the only value that a template can change. */
public record Namespace(Map<String, Object> attributes) {

    Namespace() {
        this(new HashMap<>());
    }
}
