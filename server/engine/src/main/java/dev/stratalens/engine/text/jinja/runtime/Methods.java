package dev.stratalens.engine.text.jinja.runtime;

import java.util.List;
import java.util.Map;

/** Python's methods of texts, dictionaries and lists that change nothing. */
final class Methods {

    private Methods() {}

    /** The method, or an undefined value with its name. */
    static Object find(Object owner, String name) {
        Object none = new Undefined("'%s' of %s".formatted(name, Values.typeName(owner)));
        if (owner instanceof String text) {
            return StringMethods.find(text, name).<Object>map(method -> method).orElse(none);
        }
        if (owner instanceof Map<?, ?> map
                && List.of("get", "items", "keys", "values").contains(name)) {
            return (Callable) (arguments, fuel) -> ofMap(map, name, arguments, fuel);
        }
        if (owner instanceof Sequence list && List.of("index", "count").contains(name)) {
            return (Callable) (arguments, fuel) -> ofList(list, name, arguments, fuel);
        }
        if (owner instanceof Loop loop && List.of("cycle", "changed").contains(name)) {
            return (Callable) (arguments, fuel) -> loop.call(name, arguments, fuel);
        }
        return none;
    }

    private static Object ofMap(Map<?, ?> map, String name, Arguments arguments, Fuel fuel) {
        fuel.make(8L * map.size());
        if (name.equals("get")) {
            arguments.atMost(2);
            Object value = map.get(Values.key(arguments.require(0, "key")));
            return value == null ? arguments.get(1, "default", Nothing.NONE) : value;
        }
        arguments.atMost(0);
        return switch (name) {
            case "keys" -> Sequence.view(List.copyOf(map.keySet()));
            case "values" -> Sequence.view(List.copyOf(map.values()));
            default ->
                Sequence.view(map.entrySet().stream()
                        .map(entry -> Sequence.tuple(List.of(entry.getKey(), entry.getValue())))
                        .toList());
        };
    }

    private static Object ofList(Sequence list, String name, Arguments arguments, Fuel fuel) {
        Object wanted = arguments.atMost(1).require(0, "value");
        if (name.equals("count")) {
            return list.stream()
                    .filter(value -> Values.equal(value, wanted, fuel))
                    .count();
        }
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(list.get(i), wanted, fuel)) {
                return (long) i;
            }
        }
        throw new TemplateException("it asks for the index of an element that is not in the list");
    }
}
