package dev.stratalens.cli.form;

import java.io.IOException;
import java.util.List;

/** A line of CSV: quoted as RFC 4180 says, ended by a line feed. */
public final class CsvLine {

    private CsvLine() {}

    public static void write(List<String> fields, Appendable out) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            out.append(i == 0 ? "" : ",").append(quoted(fields.get(i)));
        }
        out.append('\n');
    }

    /** A float32 as short as it reads back, whole numbers without a point; nothing for NaN. */
    public static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
        return whole ? Long.toString((long) value) : Float.toString((float) value);
    }

    private static String quoted(String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
