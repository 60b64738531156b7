package dev.stratalens.engine.text.jinja.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The filters, used after {@code |}. */
public final class Filters {

    private Filters() {}

    public static Object apply(String name, Object value, Arguments arguments, Fuel fuel) {
        fuel.make(value instanceof String text ? text.length() : 0);
        return switch (name) {
            case "tojson" -> Json.write(value, arguments, fuel);
            case "string" -> PythonText.of(value, fuel);
            case "safe" -> value;
            case "trim" ->
                StringMethods.strip(
                        PythonText.of(value, fuel),
                        arguments.atMost(1, "chars").optionalText(0, "chars"),
                        StringMethods.BOTH);
            case "upper" -> PythonText.of(value, fuel).toUpperCase(Locale.ROOT);
            case "lower" -> PythonText.of(value, fuel).toLowerCase(Locale.ROOT);
            case "capitalize" -> StringMethods.capitalize(PythonText.of(value, fuel));
            case "title" -> StringMethods.title(PythonText.of(value, fuel));
            case "replace" ->
                StringMethods.replace(PythonText.of(value, fuel), arguments.atMost(3, "old", "new", "count"), fuel);
            case "indent" -> indent(PythonText.of(value, fuel), arguments.atMost(3, "width", "first", "blank"), fuel);
            case "escape", "e" -> fuel.made(escape(PythonText.of(value, fuel)));
            case "length", "count" -> length(value);
            case "first" -> end(value, 0, fuel);
            case "last" -> end(value, -1, fuel);
            case "list" -> Sequence.list(Values.elements(value, fuel));
            case "items" -> value instanceof Undefined ? Sequence.list(List.of()) : items(value, fuel);
            case "reverse" -> reverse(value, fuel);
            case "join" -> join(value, arguments.atMost(2, "d", "attribute"), fuel);
            case "default", "d" -> otherwise(value, arguments.atMost(2, "default_value", "boolean"));
            case "int" -> integer(value, arguments.atMost(1, "default"));
            case "float" -> floating(value, arguments.atMost(1, "default"));
            case "abs" -> absolute(value);
            case "map", "select", "reject", "selectattr", "rejectattr" ->
                ElementFilters.apply(name, Values.elements(value, fuel), arguments, fuel);
            default -> throw new TemplateException("the filter '%s' is not supported".formatted(name));
        };
    }

    private static Object number(Object value) {
        if (Values.isNumber(value)) {
            return value;
        }
        throw new TemplateException("it uses %s as a number".formatted(Values.typeName(value)));
    }

    private static Object absolute(Object value) {
        if (value instanceof Long number) {
            return Math.abs(number);
        }
        return Math.abs(Values.asDouble(number(value)));
    }

    private static long length(Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw new TemplateException("it takes the length of " + Values.typeName(value));
    }

    private static Object end(Object value, int index, Fuel fuel) {
        List<?> elements = Values.elements(value, fuel);
        return elements.isEmpty()
                ? new Undefined("an element of an empty list")
                : elements.get(index < 0 ? elements.size() - 1 : 0);
    }

    private static Object items(Object value, Fuel fuel) {
        if (Methods.find(value, "items") instanceof Callable items) {
            return items.call(new Arguments("items", List.of(), Map.of()), fuel);
        }
        throw new TemplateException("it takes the items of " + Values.typeName(value));
    }

    private static Object reverse(Object value, Fuel fuel) {
        List<Object> elements = new ArrayList<>(Values.elements(value, fuel));
        fuel.make(8L * elements.size());
        Collections.reverse(elements);
        if (!(value instanceof String)) {
            return Sequence.list(elements);
        }
        StringBuilder text = new StringBuilder();
        elements.forEach(text::append);
        return text.toString();
    }

    private static String join(Object value, Arguments arguments, Fuel fuel) {
        String separator = PythonText.of(arguments.get(0, "d", ""), fuel);
        Optional<String> attribute = arguments.optionalText(1, "attribute");
        List<String> texts = Values.elements(value, fuel).stream()
                .map(element ->
                        attribute.isPresent() ? ElementFilters.attribute(element, attribute.get(), fuel) : element)
                .map(element -> PythonText.of(element, fuel))
                .toList();
        return StringMethods.join(separator, Sequence.list(texts), fuel);
    }

    private static Object otherwise(Object value, Arguments arguments) {
        boolean absent = value instanceof Undefined
                || (Values.isTrue(arguments.get(1, "boolean", false)) && !Values.isTrue(value));
        return absent ? arguments.get(0, "default_value", "") : value;
    }

    private static Object integer(Object value, Arguments arguments) {
        try {
            return value instanceof String text
                    ? (Object) (long) Double.parseDouble(text.strip())
                    : (Object) (long) Values.asDouble(number(value));
        } catch (NumberFormatException | TemplateException e) {
            return arguments.get(0, "default", 0L);
        }
    }

    private static Object floating(Object value, Arguments arguments) {
        try {
            return value instanceof String text ? Double.parseDouble(text.strip()) : Values.asDouble(number(value));
        } catch (NumberFormatException | TemplateException e) {
            return arguments.get(0, "default", 0.0);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    static String blanks(long width) {
        if (width > 1000) {
            throw new TemplateException("it indents by more than 1000");
        }
        return " ".repeat((int) Math.max(width, 0));
    }

    private static String indent(String text, Arguments arguments, Fuel fuel) {
        Object width = arguments.get(0, "width", 4L);
        String margin = width instanceof String given ? given : blanks(Values.asLong(number(width)));
        boolean first = Values.isTrue(arguments.get(1, "first", false));
        boolean blank = Values.isTrue(arguments.get(2, "blank", false));
        StringBuilder indented = new StringBuilder();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            fuel.make(margin.length());
            boolean moves = i == 0 ? first : blank || !lines[i].isEmpty();
            indented.append(i == 0 ? "" : "\n").append(moves ? margin : "").append(lines[i]);
        }
        return fuel.made(indented.toString());
    }
}
