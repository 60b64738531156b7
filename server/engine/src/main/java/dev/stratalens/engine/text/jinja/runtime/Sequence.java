package dev.stratalens.engine.text.jinja.runtime;

import java.util.AbstractList;
import java.util.List;

/** A list, a tuple, or a dictionary's keys, values or items. Unmodifiable. */
public final class Sequence extends AbstractList<Object> {

    enum Kind {
        LIST,
        TUPLE,
        VIEW
    }

    private final Kind kind;
    private final List<?> elements;

    private Sequence(Kind kind, List<?> elements) {
        this.kind = kind;
        this.elements = elements;
    }

    public static Sequence list(List<?> elements) {
        return new Sequence(Kind.LIST, elements);
    }

    public static Sequence tuple(List<?> elements) {
        return new Sequence(Kind.TUPLE, elements);
    }

    static Sequence view(List<?> elements) {
        return new Sequence(Kind.VIEW, elements);
    }

    Kind kind() {
        return kind;
    }

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }
}
