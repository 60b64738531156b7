package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The keys of a GGUF file and their values, which are Long, Double, Boolean, String or a List of one of these. Every
 * getter throws {@link InvalidCheckpointException} with the key and its expected value. Immutable.
 *
 * @param file name of the file, for errors
 */
public record GgufMetadata(String file, Map<String, Object> values) {

    /** Largest accepted size or id. */
    private static final long MAXIMUM_SIZE = 1 << 24;

    public GgufMetadata {
        values = Map.copyOf(values);
    }

    public Optional<String> string(String key) {
        return find(key, "a text", value -> value instanceof String text ? text : null);
    }

    /** A size, count or id, 0 .. 16,777,216. */
    public Optional<Integer> integer(String key) {
        return find(
                key,
                "a whole number from 0 to %,d".formatted(MAXIMUM_SIZE),
                value -> value instanceof Long number && number >= 0 && number <= MAXIMUM_SIZE
                        ? (Integer) number.intValue()
                        : null);
    }

    /** A finite number. */
    public Optional<Double> number(String key) {
        return find(
                key,
                "a finite number",
                value -> value instanceof Double number && Double.isFinite(number)
                        ? number
                        : value instanceof Long whole ? (Double) whole.doubleValue() : null);
    }

    public Optional<Boolean> bool(String key) {
        return find(key, "true or false", value -> value instanceof Boolean flag ? flag : null);
    }

    public Optional<List<String>> strings(String key) {
        return list(key, "a list of texts", String.class);
    }

    public Optional<List<Long>> integers(String key) {
        return list(key, "a list of whole numbers", Long.class);
    }

    public Optional<List<Double>> numbers(String key) {
        return list(key, "a list of numbers", Double.class);
    }

    public Optional<List<Boolean>> flags(String key) {
        return list(key, "a list of true and false", Boolean.class);
    }

    private <T> Optional<List<T>> list(String key, String what, Class<T> type) {
        return find(
                key,
                what,
                value -> value instanceof List<?> list && list.stream().allMatch(type::isInstance)
                        ? list.stream().map(type::cast).toList()
                        : null);
    }

    private <T> Optional<T> find(String key, String what, Function<Object, T> convert) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        T converted = convert.apply(value);
        if (converted == null) {
            throw invalid(key, "is %s; allowed: %s".formatted(describe(value), what));
        }
        return Optional.of(converted);
    }

    /** The failure for a missing key. */
    public InvalidCheckpointException missing(String key) {
        return invalid(key, "is missing. Convert the model again with a newer llama.cpp");
    }

    /** The failure for a key with an invalid value. */
    public InvalidCheckpointException invalid(String key, String what) {
        return InvalidCheckpointException.of(Problem.CONFIGURATION, file, key, what);
    }

    private static String describe(Object value) {
        if (value instanceof List<?> list) {
            return "a list of " + list.size();
        }
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
