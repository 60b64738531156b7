package dev.stratalens.engine.text.jinja.runtime;

import java.math.BigDecimal;

/** Writes values as Python does. */
public final class PythonText extends ValueWriter {

    private static final Words WORDS = new Words("True", "False", "None");

    private PythonText(Fuel fuel) {
        super(fuel, WORDS, ", ", ": ");
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

    @Override
    TemplateException unwritable(Object value) {
        return new TemplateException("it prints a value that has no text (%s)"
                .formatted(value instanceof Undefined undefined ? undefined.what() : Values.typeName(value)));
    }

    @Override
    void writeSequence(Sequence sequence) {
        if (sequence.kind() == Sequence.Kind.TUPLE) {
            writeAll("(", sequence, this::write, sequence.size() == 1 ? ",)" : ")");
        } else {
            super.writeSequence(sequence);
        }
    }

    @Override
    String number(double number) {
        return repr(number);
    }

    @Override
    void quote(String text) {
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

    /** {@code repr} of a float: the shortest digits that read back the same, with an exponent outside 1e-4 .. 1e16. */
    static String repr(double value) {
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
