package dev.stratalens.engine.text.jinja.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code a.b}, {@code a[b]} and {@code a[b:c:d]}. */
public final class Access {

    private Access() {}

    /** A method if there is one of this name, else an entry. */
    public static Object attribute(Object owner, String name) {
        if (owner instanceof Undefined undefined) {
            throw undefined.failure();
        }
        Object method = Methods.find(owner, name);
        return method instanceof Undefined ? entry(owner, name, method) : method;
    }

    /** An entry, else, for a name, a method. */
    public static Object item(Object owner, Object key, Fuel fuel) {
        fuel.spend(1);
        if (owner instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (key instanceof Long || key instanceof Boolean) {
            Object number = Values.asLong(key);
            if (owner instanceof List<?> list) {
                int index = index(Values.asLong(key), list.size());
                return index < 0 ? missing(number) : list.get(index);
            }
            if (owner instanceof String text) {
                fuel.make(text.length());
                int index = index(Values.asLong(key), text.codePointCount(0, text.length()));
                return index < 0
                        ? missing(number)
                        : Character.toString(text.codePointAt(text.offsetByCodePoints(0, index)));
            }
        }
        if (key instanceof String name) {
            return entry(owner, name, Methods.find(owner, name));
        }
        Object value = owner instanceof Map<?, ?> map ? map.get(Values.key(key)) : null;
        return value == null ? missing(key) : value;
    }

    private static Object entry(Object owner, String name, Object otherwise) {
        Map<?, ?> entries = owner instanceof Map<?, ?> map
                ? map
                : owner instanceof Namespace namespace
                        ? namespace.attributes()
                        : owner instanceof Loop loop ? loop.attributes() : Map.of();
        Object value = entries.get(name);
        return value == null ? otherwise : value;
    }

    private static Undefined missing(Object key) {
        return new Undefined(
                "the element %s".formatted(key instanceof String || key instanceof Long ? key : "asked for"));
    }

    private static int index(long asked, int size) {
        long index = asked < 0 ? asked + size : asked;
        return index >= 0 && index < size ? (int) index : -1;
    }

    public static Object slice(Object owner, Object first, Object end, Object step, Fuel fuel) {
        if (owner instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (!(owner instanceof String) && !(owner instanceof Sequence)) {
            throw new TemplateException("it takes a slice of " + Values.typeName(owner));
        }
        List<?> elements = Values.elements(owner, fuel);
        fuel.make(8L * elements.size());
        long stride = bound(step, 1);
        if (stride == 0) {
            throw new TemplateException("a slice has the step 0");
        }
        int size = elements.size();
        boolean forward = stride > 0;
        long from = clamp(bound(first, forward ? 0 : size - 1L), first, size, forward);
        long to = end == Nothing.NONE ? forward ? size : -1 : clamp(bound(end, 0), end, size, forward);
        List<Object> taken = new ArrayList<>();
        for (long i = from; forward ? i < to : i > to; i += stride) {
            taken.add(elements.get((int) i));
        }
        if (owner instanceof String) {
            StringBuilder text = new StringBuilder();
            taken.forEach(text::append);
            return text.toString();
        }
        return owner instanceof Sequence sequence && sequence.kind() == Sequence.Kind.TUPLE
                ? Sequence.tuple(taken)
                : Sequence.list(taken);
    }

    private static long bound(Object value, long otherwise) {
        if (value == Nothing.NONE) {
            return otherwise;
        }
        if (value instanceof Long number) {
            return Math.max(Integer.MIN_VALUE, Math.min(number, Integer.MAX_VALUE));
        }
        throw value instanceof Undefined undefined
                ? undefined.failure()
                : new TemplateException("a slice has the bound " + Values.typeName(value));
    }

    private static long clamp(long bound, Object given, int size, boolean forward) {
        long place = given != Nothing.NONE && bound < 0 ? bound + size : bound;
        return forward ? Math.max(0, Math.min(place, size)) : Math.max(-1, Math.min(place, size - 1L));
    }
}
