package dev.stratalens.engine.text.jinja.runtime;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Values as Python writes them. */
public final class PythonText {

    private final StringBuilder out = new StringBuilder();
    private final Fuel fuel;

    private PythonText(Fuel fuel) {
        this.fuel = fuel;
    }

    /** {@code str(value)}. */
    public static String of(Object value, Fuel fuel) {
        if (value instanceof String text) {
            return fuel.made(text);
        }
        if (value instanceof Undefined) {
            return "";
        }
        PythonText text = new PythonText(fuel);
        text.write(value);
        return text.out.toString();
    }

    private void write(Object value) {
        fuel.spend(1);
        if (value instanceof String text) {
            quote(fuel.made(text));
        } else if (value instanceof Boolean truth) {
            out.append(truth ? "True" : "False");
        } else if (value == Nothing.NONE) {
            out.append("None");
        } else if (value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value instanceof Sequence sequence && sequence.kind() != Sequence.Kind.VIEW) {
            boolean tuple = sequence.kind() == Sequence.Kind.TUPLE;
            writeAll(tuple ? "(" : "[", sequence, tuple ? sequence.size() == 1 ? ",)" : ")" : "]");
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map);
        } else {
            throw new TemplateException("it writes out a value that has no text of its own (%s)"
                    .formatted(value instanceof Undefined undefined ? undefined.what() : Values.typeName(value)));
        }
    }

    private void writeAll(String open, List<?> values, String close) {
        fuel.enter();
        out.append(open);
        String separator = "";
        for (Object value : values) {
            out.append(separator);
            write(value);
            separator = ", ";
        }
        out.append(close);
        fuel.leave();
    }

    private void writeMap(Map<?, ?> map) {
        fuel.enter();
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            write(entry.getKey());
            out.append(": ");
            write(entry.getValue());
            separator = ", ";
        }
        out.append('}');
        fuel.leave();
    }

    private void quote(String text) {
        char mark = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(mark);
        text.codePoints().forEach(c -> {
            if (c == mark || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                out.append('\\').append(c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
            } else if (isPrintable(c)) {
                out.appendCodePoint(c);
            } else {
                out.append((c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
            }
        });
        out.append(mark);
    }

    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }

    /** {@code repr} of a float: the shortest digits that give it back, with an exponent outside 1e-4 .. 1e16. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(value);
        if (size == 0 || (size >= 1e-3 && size < 1e7)) {
            return Double.toString(value);
        }
        var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (size >= 1e-4 && size < 1e16) {
            String plain = decimal.toPlainString();
            return plain.indexOf('.') >= 0 ? plain : plain + ".0";
        }
        int exponent = decimal.precision() - decimal.scale() - 1;
        String digits = decimal.scaleByPowerOfTen(-exponent).toPlainString();
        return "%se%s%02d".formatted(digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    public static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }
}
