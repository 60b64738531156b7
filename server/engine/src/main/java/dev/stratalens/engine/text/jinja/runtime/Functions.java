package dev.stratalens.engine.text.jinja.runtime;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** Functions that every template can call. */
public final class Functions {

    private static final Map<Character, String> TIME_PARTS = Map.ofEntries(
            Map.entry('Y', "uuuu"),
            Map.entry('y', "uu"),
            Map.entry('m', "MM"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('d', "dd"),
            Map.entry('j', "DDD"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"));

    private Functions() {}

    /**
     * Every function by name.
     *
     * @param now the time of {@code strftime_now}
     */
    public static Map<String, Object> all(LocalDateTime now) {
        return Map.of(
                "range", (Callable) Functions::range,
                "dict", (Callable) Functions::dictionary,
                "namespace",
                        (Callable) (arguments, fuel) -> {
                            Namespace namespace = new Namespace();
                            dictionary(arguments, fuel)
                                    .forEach((name, value) ->
                                            namespace.attributes().put((String) name, value));
                            return namespace;
                        },
                "raise_exception",
                        (Callable) (arguments, fuel) -> {
                            throw new TemplateException("it refuses these messages: "
                                    + PythonText.of(arguments.require(0, "message"), fuel));
                        },
                "strftime_now",
                        (Callable) (arguments, fuel) ->
                                time(now, arguments.atMost(1).text(0, "format")));
    }

    private static Object range(Arguments arguments, Fuel fuel) {
        arguments.atMost(3);
        long first = arguments.positional().size() > 1 ? arguments.number(0, "start", 0) : 0;
        long end = arguments.number(arguments.positional().size() > 1 ? 1 : 0, "stop", 0);
        long step = arguments.number(2, "step", 1);
        if (step == 0) {
            throw new TemplateException("range has the step 0");
        }
        double exact = Math.ceil(((double) end - first) / step);
        if (exact > 100_000) {
            throw new TemplateException("range has more than 100000 numbers");
        }
        long count = Math.max(0, (long) exact);
        fuel.make(8 * count);
        return Sequence.list(
                LongStream.range(0, count).mapToObj(i -> first + i * step).toList());
    }

    private static Map<?, ?> dictionary(Arguments arguments, Fuel fuel) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments
                                .atMost(1, arguments.named().keySet().toArray(String[]::new))
                                .get(0, "", Map.of())
                        instanceof Map<?, ?> given
                && arguments.positional().size() == 1) {
            map.putAll(given);
        }
        map.putAll(arguments.named());
        fuel.make(8L * map.size());
        return map;
    }

    private static String time(LocalDateTime now, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char part = format.charAt(++i);
            String pattern = TIME_PARTS.get(part);
            if (pattern == null && part != '%') {
                throw new TemplateException("strftime_now with %%%c is not supported".formatted(part));
            }
            text.append(pattern == null ? "%" : now.format(DateTimeFormatter.ofPattern(pattern, Locale.US)));
        }
        return text.toString();
    }
}
