package dev.stratalens.engine.text.jinja.runtime;

import java.util.HashMap;
import java.util.Map;

/** The value of {@code namespace()}, the only one that a template can change. */
public record Namespace(Map<String, Object> attributes) {

    Namespace() {
        this(new HashMap<>());
    }
}
