package dev.stratalens.report.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonNumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "1.0, 1",
        "-0.33333334, -0.33333334",
        "16777216, 16777216",
        "1.4E-45, 1E-45",
        "3.4028235E38, 3.4028235E+38",
        "2.2E-44, 2.2E-44",
        "100, 1E+2",
        "9.999999E-5, 0.00009999999"
    })
    void aFloatIsWrittenShort(float value, String expected) throws IOException {
        assertEquals(expected, write(value));
    }

    @Test
    void anyFloatReadsBackAndNoShorterDecimalWould() throws IOException {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (!Float.isFinite(value)) {
                continue;
            }
            String written = write(value);
            assertEquals(Float.floatToRawIntBits(value), Float.floatToRawIntBits(Float.parseFloat(written)), written);
            int digits = new BigDecimal(written).stripTrailingZeros().precision();
            if (digits > 1) {
                BigDecimal exact = new BigDecimal(value);
                for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
                    BigDecimal shorter = exact.round(new MathContext(digits - 1, mode));
                    assertTrue(shorter.floatValue() != value, written + " could be " + shorter);
                }
            }
        }
    }

    @Test
    void specialValuesReadBackBitForBit() throws IOException {
        float[] special = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE};
        StringWriter out = new StringWriter();
        JsonWriter json = new JsonWriter(out);
        json.beginArray();
        for (float value : special) {
            JsonNumbers.write(json, value);
        }
        json.endArray();
        assertEquals("[0.0,-0.0,null,\"Infinity\",\"-Infinity\",1E-45]", out.toString());
        float[] read = NumberGrid.floats(new JsonReader(new StringReader(out.toString())), 1)
                .toFloats(special.length);
        for (int i = 0; i < special.length; i++) {
            assertEquals(Float.floatToIntBits(special[i]), Float.floatToIntBits(read[i]));
        }
    }

    @Test
    void float64IsWrittenToo() throws IOException {
        StringWriter out = new StringWriter();
        JsonWriter json = new JsonWriter(out);
        json.beginArray();
        JsonNumbers.write(json, 1.5);
        JsonNumbers.write(json, Double.NaN);
        JsonNumbers.write(json, Double.NEGATIVE_INFINITY);
        json.endArray();
        assertEquals("[1.5,null,\"-Infinity\"]", out.toString());
    }

    private static String write(float value) throws IOException {
        StringWriter out = new StringWriter();
        JsonWriter json = new JsonWriter(out);
        JsonNumbers.write(json, value);
        json.flush();
        return out.toString();
    }
}
