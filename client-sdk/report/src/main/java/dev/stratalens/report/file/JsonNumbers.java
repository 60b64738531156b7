package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes numbers: NaN is null, infinities are strings, everything else the shortest decimal that reads back the same. */
final class JsonNumbers {

    private JsonNumbers() {}

    static void write(JsonWriter json, float value) throws IOException {
        if (Float.isNaN(value)) {
            json.nullValue();
        } else if (Float.isInfinite(value)) {
            json.value(Float.toString(value));
        } else {
            json.value(shortest(value));
        }
    }

    static void write(JsonWriter json, double value) throws IOException {
        if (Double.isNaN(value)) {
            json.nullValue();
        } else if (Double.isInfinite(value)) {
            json.value(Double.toString(value));
        } else {
            json.value(value);
        }
    }

    /** The number as an integer if it is one. */
    static Number plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? (Number) (long) value : (Number) value;
    }

    /**
     * The shortest decimal that reads back to the same float32. {@link Float#toString} gives it from Java 19 on; before, it
     * may have digits too many, which are tried away here.
     */
    static Number shortest(float value) {
        if (value == 0) {
            return value; // a BigDecimal has no minus zero
        }
        BigDecimal decimal = new BigDecimal(Float.toString(value)).stripTrailingZeros();
        while (decimal.precision() > 1) {
            BigDecimal lower = decimal.round(new MathContext(decimal.precision() - 1, RoundingMode.DOWN));
            BigDecimal upper = decimal.round(new MathContext(decimal.precision() - 1, RoundingMode.UP));
            if (lower.floatValue() == value) {
                decimal = lower.stripTrailingZeros();
            } else if (upper.floatValue() == value) {
                decimal = upper.stripTrailingZeros();
            } else {
                break;
            }
        }
        return decimal;
    }
}
