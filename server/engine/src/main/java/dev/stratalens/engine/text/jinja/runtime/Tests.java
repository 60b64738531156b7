package dev.stratalens.engine.text.jinja.runtime;

import java.util.Locale;
import java.util.Map;

/** The tests, used after {@code is}. */
public final class Tests {

    private Tests() {}

    public static boolean holds(String name, Object value, Arguments arguments, Fuel fuel) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == Nothing.NONE;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "boolean" -> value instanceof Boolean;
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence" -> isContainer(value);
            case "iterable" -> isContainer(value) || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> Values.equal(Arithmetic.apply("%", value, 2L, fuel), 1L, fuel);
            case "even" -> Values.equal(Arithmetic.apply("%", value, 2L, fuel), 0L, fuel);
            case "divisibleby" ->
                Values.equal(Arithmetic.apply("%", value, arguments.require(0, "num"), fuel), 0L, fuel);
            case "lower" ->
                text(value, fuel).equals(text(value, fuel).toLowerCase(Locale.ROOT)) && hasCase(value, fuel);
            case "upper" ->
                text(value, fuel).equals(text(value, fuel).toUpperCase(Locale.ROOT)) && hasCase(value, fuel);
            case "eq", "equalto" -> Values.holds("==", value, arguments.require(0, "other"), fuel);
            case "ne" -> Values.holds("!=", value, arguments.require(0, "other"), fuel);
            case "lt", "lessthan" -> Values.holds("<", value, arguments.require(0, "other"), fuel);
            case "le" -> Values.holds("<=", value, arguments.require(0, "other"), fuel);
            case "gt", "greaterthan" -> Values.holds(">", value, arguments.require(0, "other"), fuel);
            case "ge" -> Values.holds(">=", value, arguments.require(0, "other"), fuel);
            case "==", "!=", "<", "<=", ">", ">=" -> Values.holds(name, value, arguments.require(0, "other"), fuel);
            case "in" -> Values.contains(arguments.require(0, "seq"), value, fuel);
            default -> throw new TemplateException("the test '%s' is not supported".formatted(name));
        };
    }

    private static boolean isContainer(Object value) {
        return value instanceof String || value instanceof Sequence || value instanceof Map<?, ?>;
    }

    private static String text(Object value, Fuel fuel) {
        return PythonText.of(value, fuel);
    }

    private static boolean hasCase(Object value, Fuel fuel) {
        return text(value, fuel).codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }
}
