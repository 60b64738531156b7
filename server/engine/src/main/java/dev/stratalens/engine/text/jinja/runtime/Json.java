package dev.stratalens.engine.text.jinja.runtime;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The {@code tojson} of transformers: Python's {@code json.dumps}, which escapes nothing for HTML. */
final class Json {

    private final StringBuilder out = new StringBuilder();
    private final Fuel fuel;
    private final boolean asciiOnly;
    private final boolean sorted;
    private final String indent;
    private final String itemSeparator;
    private final String keySeparator;

    private Json(Arguments arguments, Fuel fuel) {
        arguments.atMost(4, "ensure_ascii", "indent", "separators", "sort_keys");
        this.fuel = fuel;
        asciiOnly = Values.isTrue(arguments.get(0, "ensure_ascii", false));
        Object indentation = arguments.get(1, "indent", Nothing.NONE);
        indent = indentation instanceof Long width ? Filters.blanks(width) : "";
        boolean indented = indentation instanceof Long;
        if (!indented && indentation != Nothing.NONE) {
            throw new TemplateException("the argument indent of tojson is no whole number");
        }
        if (arguments.get(2, "separators", Nothing.NONE) instanceof Sequence pair && pair.size() == 2) {
            itemSeparator = PythonText.of(pair.get(0), fuel);
            keySeparator = PythonText.of(pair.get(1), fuel);
        } else {
            itemSeparator = indented ? "," : ", ";
            keySeparator = ": ";
        }
        sorted = Values.isTrue(arguments.get(3, "sort_keys", false));
        breaks = indented;
    }

    private final boolean breaks;

    static String write(Object value, Arguments arguments, Fuel fuel) {
        Json json = new Json(arguments, fuel);
        json.write(value, 0);
        return fuel.made(json.out.toString());
    }

    private void write(Object value, int depth) {
        fuel.spend(1);
        if (value instanceof String text) {
            quote(fuel.made(text));
        } else if (value instanceof Boolean truth) {
            out.append(truth ? "true" : "false");
        } else if (value == Nothing.NONE) {
            out.append("null");
        } else if (value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            out.append(
                    Double.isNaN(number)
                            ? "NaN"
                            : Double.isInfinite(number)
                                    ? number > 0 ? "Infinity" : "-Infinity"
                                    : PythonText.number(number));
        } else if (value instanceof Sequence sequence && sequence.kind() != Sequence.Kind.VIEW) {
            writeList(sequence, depth + 1);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, depth + 1);
        } else {
            throw new TemplateException("tojson cannot write %s".formatted(Values.typeName(value)));
        }
    }

    private void writeList(List<?> values, int depth) {
        fuel.enter();
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            separate(i, depth);
            write(values.get(i), depth);
        }
        close(']', values.isEmpty(), depth);
    }

    private void writeMap(Map<?, ?> map, int depth) {
        fuel.enter();
        out.append('{');
        int i = 0;
        Map<?, ?> ordered = map;
        if (sorted) {
            Map<String, Object> byKey = new TreeMap<>(Values.BY_CODE_POINT);
            map.forEach((key, value) -> byKey.put(PythonText.of(key, fuel), value));
            ordered = byKey;
        }
        for (Map.Entry<?, ?> entry : ordered.entrySet()) {
            separate(i++, depth);
            if (!(entry.getKey() instanceof String) && !(entry.getKey() instanceof Long)) {
                throw new TemplateException("tojson cannot write a key that is neither text nor number");
            }
            quote(PythonText.of(entry.getKey(), fuel));
            out.append(keySeparator);
            write(entry.getValue(), depth);
        }
        close('}', map.isEmpty(), depth);
    }

    private void separate(int index, int depth) {
        if (index > 0) {
            out.append(itemSeparator);
        }
        breakLine(depth);
    }

    private void close(char bracket, boolean empty, int depth) {
        if (!empty) {
            breakLine(depth - 1);
        }
        out.append(bracket);
        fuel.leave();
    }

    private void breakLine(int depth) {
        if (breaks) {
            fuel.make((long) indent.length() * depth);
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void quote(String text) {
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
