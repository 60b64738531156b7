package dev.stratalens.engine.text.jinja.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The {@code tojson} of transformers: Python's {@code json.dumps}, which escapes nothing for HTML. */
final class Json extends ValueWriter {

    private static final Words WORDS = new Words("true", "false", "null");

    private final boolean asciiOnly;
    private final boolean sorted;
    private final Optional<String> indent;

    private Json(Arguments arguments, Optional<String> indent, List<String> separators, Fuel fuel) {
        super(fuel, WORDS, separators.get(0), separators.get(1));
        this.asciiOnly = Values.isTrue(arguments.get(0, "ensure_ascii", false));
        this.sorted = Values.isTrue(arguments.get(3, "sort_keys", false));
        this.indent = indent;
    }

    static String write(Object value, Arguments arguments, Fuel fuel) {
        arguments.atMost(4, "ensure_ascii", "indent", "separators", "sort_keys");
        Optional<String> indent = indent(arguments.get(1, "indent", Nothing.NONE));
        List<String> separators =
                arguments.get(2, "separators", Nothing.NONE) instanceof Sequence pair && pair.size() == 2
                        ? List.of(PythonText.of(pair.get(0), fuel), PythonText.of(pair.get(1), fuel))
                        : List.of(indent.isPresent() ? "," : ", ", ": ");
        Json json = new Json(arguments, indent, separators, fuel);
        json.write(value);
        return fuel.made(json.out.toString());
    }

    private static Optional<String> indent(Object given) {
        if (given == Nothing.NONE) {
            return Optional.empty();
        }
        if (given instanceof Long width) {
            return Optional.of(Filters.blanks(width));
        }
        throw new TemplateException("the argument indent of tojson is not a whole number");
    }

    @Override
    String number(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : PythonText.repr(number);
    }

    @Override
    Map<?, ?> inOrder(Map<?, ?> map) {
        if (!sorted) {
            return map;
        }
        Map<String, Object> byKey = new TreeMap<>(Values.BY_CODE_POINT);
        map.forEach((key, value) -> byKey.put(PythonText.of(key, fuel), value));
        return byKey;
    }

    @Override
    void writeKey(Object key) {
        if (!(key instanceof String) && !(key instanceof Long)) {
            throw new TemplateException("tojson cannot write a key that is neither text nor number");
        }
        quote(PythonText.of(key, fuel));
    }

    @Override
    void breakLine(int depth) {
        indent.ifPresent(one -> {
            fuel.make((long) one.length() * depth);
            out.append('\n').append(one.repeat(depth));
        });
    }

    @Override
    TemplateException unwritable(Object value) {
        return new TemplateException("tojson cannot write %s".formatted(Values.typeName(value)));
    }

    @Override
    void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int letter = "\"\\\n\r\t\f\b".indexOf(c);
            if (letter >= 0) {
                out.append('\\').append("\"\\nrtfb".charAt(letter));
            } else if (c < ' ' || (asciiOnly && c > '~')) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
