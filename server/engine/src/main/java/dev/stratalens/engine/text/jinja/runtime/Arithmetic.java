package dev.stratalens.engine.text.jinja.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's operators on numbers, texts and lists. */
public final class Arithmetic {

    private Arithmetic() {}

    public static Object apply(String operator, Object a, Object b, Fuel fuel) {
        fuel.spend(1);
        if (operator.equals("~")) {
            return fuel.made(PythonText.of(a, fuel) + PythonText.of(b, fuel));
        }
        try {
            if (Values.isNumber(a) && Values.isNumber(b)) {
                return a instanceof Double || b instanceof Double || operator.equals("/")
                        ? floats(operator, Values.asDouble(a), Values.asDouble(b))
                        : integers(operator, Values.asLong(a), Values.asLong(b));
            }
        } catch (ArithmeticException e) {
            throw new TemplateException("the result of %s %s %s is too large".formatted(a, operator, b));
        }
        if (operator.equals("+") && a instanceof String left && b instanceof String right) {
            fuel.make((long) left.length() + right.length());
            return left + right;
        }
        if (operator.equals("+")
                && a instanceof Sequence left
                && b instanceof Sequence right
                && left.kind() == right.kind()) {
            fuel.make(8L * (left.size() + right.size()));
            List<Object> joined = new ArrayList<>(left);
            joined.addAll(right);
            return left.kind() == Sequence.Kind.TUPLE ? Sequence.tuple(joined) : Sequence.list(joined);
        }
        if (operator.equals("*") && (a instanceof Long || b instanceof Long)) {
            return a instanceof Long count ? repeat(b, count, fuel) : repeat(a, (Long) b, fuel);
        }
        if (operator.equals("%") && a instanceof String) {
            throw new TemplateException("it formats a text with %, which is not supported");
        }
        throw Values.mismatch("applies " + operator + " to", a, b);
    }

    private static Object repeat(Object value, long count, Fuel fuel) {
        int times = (int) Math.min(Math.max(count, 0), Integer.MAX_VALUE);
        if (value instanceof String text) {
            fuel.make((long) text.length() * times);
            return text.repeat(times);
        }
        if (value instanceof Sequence list) {
            fuel.make(8L * list.size() * times);
            return Sequence.list(Collections.nCopies(times, list).stream()
                    .flatMap(List::stream)
                    .toList());
        }
        throw Values.mismatch("applies * to", value, count);
    }

    public static Object negate(Object value) {
        if (value instanceof Double number) {
            return -number;
        }
        return apply("-", 0L, value, new Fuel());
    }

    private static Object integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, b);
            case "%" -> Math.floorMod(a, b);
            default -> power(a, b);
        };
    }

    private static Object power(long base, long exponent) {
        if (exponent < 0) {
            return Math.pow((double) base, (double) exponent);
        }
        long power = 1;
        for (long i = 0; i < exponent && power != 0; i++) {
            power = Math.multiplyExact(power, base);
            if (base == 1 || base == -1) {
                return base == 1 || exponent % 2 == 0 ? 1L : -1L;
            }
        }
        return power;
    }

    private static Object floats(String operator, double a, double b) {
        boolean divides = operator.equals("/") || operator.equals("//") || operator.equals("%");
        if (divides && b == 0) {
            throw new ArithmeticException("division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - b * Math.floor(a / b);
            default -> Math.pow(a, b);
        };
    }
}
