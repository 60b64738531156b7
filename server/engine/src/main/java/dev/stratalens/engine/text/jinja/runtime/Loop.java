package dev.stratalens.engine.text.jinja.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}. */
public final class Loop {

    private final List<?> elements;
    private int index = -1;
    private @Nullable Object lastChanged;

    public Loop(List<?> elements) {
        this.elements = elements;
    }

    public void next() {
        index++;
    }

    Map<String, Object> attributes() {
        long size = elements.size();
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("index", index + 1L);
        attributes.put("index0", (long) index);
        attributes.put("revindex", size - index);
        attributes.put("revindex0", size - index - 1);
        attributes.put("first", index == 0);
        attributes.put("last", index == size - 1);
        attributes.put("length", size);
        attributes.put("depth", 1L); // It counts recursive loops only.
        attributes.put("depth0", 0L);
        attributes.put("previtem", index > 0 ? elements.get(index - 1) : new Undefined("the element before the first"));
        attributes.put(
                "nextitem", index < size - 1 ? elements.get(index + 1) : new Undefined("the element after the last"));
        return attributes;
    }

    Object call(String name, Arguments arguments, Fuel fuel) {
        List<Object> values = arguments.positional();
        if (name.equals("cycle")) {
            if (values.isEmpty()) {
                throw new TemplateException("loop.cycle has nothing to choose from");
            }
            return values.get(index % values.size());
        }
        Sequence current = Sequence.tuple(values);
        boolean changed = lastChanged == null || !Values.equal(lastChanged, current, fuel);
        lastChanged = current;
        return changed;
    }
}
