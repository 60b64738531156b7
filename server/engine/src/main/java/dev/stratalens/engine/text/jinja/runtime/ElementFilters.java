package dev.stratalens.engine.text.jinja.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters that take other filters, tests or attributes to each element. */
final class ElementFilters {

    private ElementFilters() {}

    static Object apply(String name, List<?> elements, Arguments arguments, Fuel fuel) {
        List<Object> results = new ArrayList<>();
        for (Object element : elements) {
            fuel.spend(1);
            if (name.equals("map")) {
                results.add(mapped(element, arguments, fuel));
            } else if (isKept(name, element, arguments, fuel) == name.startsWith("select")) {
                results.add(element);
            }
        }
        return Sequence.list(results);
    }

    private static Object mapped(Object element, Arguments arguments, Fuel fuel) {
        if (arguments.positional().isEmpty()) {
            arguments.atMost(0, "attribute", "default");
            Object value = attribute(element, arguments.text(0, "attribute"), fuel);
            return value instanceof Undefined ? arguments.get(1, "default", value) : value;
        }
        String filter = arguments.text(0, "filter");
        return Filters.apply(filter, element, rest(filter, arguments, 1), fuel);
    }

    private static boolean isKept(String name, Object element, Arguments arguments, Fuel fuel) {
        boolean byAttribute = name.endsWith("attr");
        Object value = byAttribute ? attribute(element, arguments.text(0, "attribute"), fuel) : element;
        int place = byAttribute ? 1 : 0;
        if (arguments.positional().size() <= place) {
            return Values.isTrue(value);
        }
        String test = arguments.text(place, "test");
        return Tests.holds(test, value, rest(test, arguments, place + 1), fuel);
    }

    private static Arguments rest(String name, Arguments arguments, int first) {
        List<Object> all = arguments.positional();
        return new Arguments(name, all.subList(first, all.size()), Map.copyOf(arguments.named()));
    }

    /** {@code a.b.0}: names and numbers. */
    static Object attribute(Object element, String path, Fuel fuel) {
        Object value = element;
        for (String step : path.split("\\.", -1)) {
            boolean number =
                    !step.isEmpty() && step.length() < 10 && step.chars().allMatch(c -> c >= '0' && c <= '9');
            value = Access.item(value, number ? (Object) Long.valueOf(step) : step, fuel);
        }
        return value;
    }
}
