package dev.stratalens.engine.text.jinja.runtime;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Python's rules for values of different types: truth, equality, order, iteration. */
public final class Values {

    static final Comparator<String> BY_CODE_POINT = (a, b) -> {
        int[] left = a.codePoints().toArray();
        int[] right = b.codePoints().toArray();
        return Arrays.compare(left, right);
    };

    private Values() {}

    public static boolean isTrue(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value != Nothing.NONE && !(value instanceof Undefined);
    }

    /** Whether a comparison holds for two values. */
    public static boolean holds(String comparison, Object left, Object right, Fuel fuel) {
        return switch (comparison) {
            case "==" -> equal(left, right, fuel);
            case "!=" -> !equal(left, right, fuel);
            case "<" -> compare(left, right, fuel) < 0;
            case "<=" -> compare(left, right, fuel) <= 0;
            case ">" -> compare(left, right, fuel) > 0;
            case ">=" -> compare(left, right, fuel) >= 0;
            case "in" -> contains(right, left, fuel);
            default -> !contains(right, left, fuel);
        };
    }

    static boolean equal(Object a, Object b, Fuel fuel) {
        fuel.spend(1);
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b) == 0;
        }
        if (a instanceof String left && b instanceof String right) {
            fuel.make(left.length());
            return left.equals(right);
        }
        if (a instanceof Sequence left && b instanceof Sequence right) {
            return left.kind() == right.kind() && equalLists(left, right, fuel);
        }
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            fuel.enter();
            boolean equal = left.size() == right.size()
                    && left.entrySet().stream().allMatch(entry -> {
                        Object value = right.get(entry.getKey());
                        return value != null && equal(entry.getValue(), value, fuel);
                    });
            fuel.leave();
            return equal;
        }
        return a == b || (a instanceof Undefined && b instanceof Undefined);
    }

    private static boolean equalLists(Sequence left, Sequence right, Fuel fuel) {
        if (left.size() != right.size()) {
            return false;
        }
        fuel.enter();
        boolean equal = true;
        for (int i = 0; i < left.size() && equal; i++) {
            equal = equal(left.get(i), right.get(i), fuel);
        }
        fuel.leave();
        return equal;
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    private static int compare(Object a, Object b, Fuel fuel) {
        fuel.spend(1);
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        }
        if (a instanceof String left && b instanceof String right) {
            fuel.make(left.length() + right.length());
            return BY_CODE_POINT.compare(left, right);
        }
        throw mismatch("compares", a, b);
    }

    private static int compareNumbers(Object a, Object b) {
        return a instanceof Double || b instanceof Double
                ? Double.compare(asDouble(a) + 0.0, asDouble(b) + 0.0)
                : Long.compare(asLong(a), asLong(b));
    }

    static boolean contains(Object container, Object element, Fuel fuel) {
        if (container instanceof String text) {
            if (element instanceof String part) {
                fuel.make(text.length());
                return new TextSearch(fuel).first(text, part, 0) >= 0;
            }
            throw mismatch("looks for", element, container);
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(key(element));
        }
        return elements(container, fuel).stream().anyMatch(value -> equal(value, element, fuel));
    }

    /** The elements of a loop. */
    public static List<?> elements(Object value, Fuel fuel) {
        if (value instanceof List<?> list) {
            return list;
        }
        if (value instanceof Map<?, ?> map) {
            fuel.make(map.size());
            return List.copyOf(map.keySet());
        }
        if (value instanceof String text) {
            fuel.make(16L * text.length());
            return text.codePoints().mapToObj(Character::toString).toList();
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new TemplateException("it loops over %s, which has no elements".formatted(typeName(value)));
    }

    /** A value as a key of a map: equal numbers are equal keys. */
    public static Object key(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? 1L : 0L;
        }
        if (value instanceof Double number && number == Math.rint(number)) {
            return number.longValue();
        }
        if (value instanceof String || value instanceof Long || value instanceof Double || value == Nothing.NONE) {
            return value;
        }
        throw new TemplateException("it uses %s as a key".formatted(typeName(value)));
    }

    static double asDouble(Object number) {
        return number instanceof Boolean truth ? truth ? 1 : 0 : ((Number) number).doubleValue();
    }

    static long asLong(Object number) {
        return number instanceof Boolean truth ? truth ? 1 : 0 : ((Number) number).longValue();
    }

    static TemplateException mismatch(String verb, Object a, Object b) {
        if (a instanceof Undefined undefined) {
            return undefined.failure();
        }
        if (b instanceof Undefined undefined) {
            return undefined.failure();
        }
        return new TemplateException("it %s %s and %s".formatted(verb, typeName(a), typeName(b)));
    }

    public static String typeName(Object value) {
        if (value instanceof String) {
            return "a text";
        }
        if (value instanceof Boolean) {
            return "a truth value";
        }
        if (isNumber(value)) {
            return "a number";
        }
        if (value instanceof List<?>) {
            return "a list";
        }
        if (value instanceof Map<?, ?>) {
            return "a dictionary";
        }
        if (value instanceof Undefined undefined) {
            return undefined.what();
        }
        return value == Nothing.NONE ? "none" : value instanceof Namespace ? "a namespace" : "a function";
    }
}
