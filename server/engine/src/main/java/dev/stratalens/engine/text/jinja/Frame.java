package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.runtime.Fuel;
import dev.stratalens.engine.text.jinja.runtime.Undefined;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a scope and of those around it, and the fuel of the rendering. */
record Frame(@Nullable Frame outer, Map<String, Object> variables, Fuel fuel) {

    static Frame outermost(Map<String, Object> variables, Fuel fuel) {
        return new Frame(null, new HashMap<>(variables), fuel);
    }

    Frame inner() {
        return new Frame(this, new HashMap<>(), fuel);
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    Object get(String name) {
        for (Frame frame = this; frame != null; frame = frame.outer) {
            Object value = frame.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Undefined("'%s'".formatted(name));
    }
}
