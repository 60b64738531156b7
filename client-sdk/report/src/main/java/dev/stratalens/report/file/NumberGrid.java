package dev.stratalens.report.file;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** Nested arrays of numbers, stored flat in row-major order with their shape. Null is NaN. */
final class NumberGrid {

    private final String path;
    private final int[] shape;
    private final ToDoubleFunction<String> parse;
    private double[] values = new double[16];
    private int size;

    private NumberGrid(String path, int dimensions, ToDoubleFunction<String> parse) {
        this.path = path;
        this.shape = new int[dimensions];
        this.parse = parse;
        Arrays.fill(shape, -1);
    }

    /** Reads float32 values: parsed as such, since a detour over float64 would round twice. */
    static NumberGrid floats(JsonReader in, int dimensions) throws IOException {
        return read(in, dimensions, Float::parseFloat);
    }

    static NumberGrid integers(JsonReader in, int dimensions) throws IOException {
        return read(in, dimensions, Integer::parseInt);
    }

    private static NumberGrid read(JsonReader in, int dimensions, ToDoubleFunction<String> parse) throws IOException {
        NumberGrid grid = new NumberGrid(in.getPath(), dimensions, parse);
        grid.read(in, 0);
        return grid;
    }

    private void read(JsonReader in, int dimension) throws IOException {
        String here = in.getPath();
        in.beginArray();
        int length = 0;
        for (; in.hasNext(); length++) {
            if (dimension + 1 < shape.length) {
                read(in, dimension + 1);
            } else {
                add(number(in));
            }
        }
        in.endArray();
        if (shape[dimension] >= 0 && shape[dimension] != length) {
            throw new LensFileException(
                    here + ": an array of " + length + " elements beside one of " + shape[dimension], null);
        }
        shape[dimension] = length;
    }

    private double number(JsonReader in) throws IOException {
        if (in.peek() == JsonToken.NULL) {
            in.nextNull();
            return Double.NaN;
        }
        String where = in.getPath();
        String text = in.nextString();
        try {
            return parse.applyAsDouble(text);
        } catch (NumberFormatException e) {
            throw new LensFileException(where + ": \"" + text + "\" is not a number of the expected kind", e);
        }
    }

    private void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    float[] toFloats(int... expected) throws LensFileException {
        requireShape(expected);
        float[] floats = new float[size];
        for (int i = 0; i < size; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** The values; null is refused. */
    int[] toInts(int... expected) throws LensFileException {
        for (int i = 0; i < size; i++) {
            if (Double.isNaN(values[i])) {
                throw new LensFileException(path + ": null where a number is needed", null);
            }
        }
        return toIntsOr(0, expected);
    }

    /** The values, with a stand-in for null. */
    int[] toIntsOr(int forNull, int... expected) throws LensFileException {
        requireShape(expected);
        int[] ints = new int[size];
        for (int i = 0; i < size; i++) {
            ints[i] = Double.isNaN(values[i]) ? forNull : (int) values[i];
        }
        return ints;
    }

    /** Length of the outermost array. */
    int length() {
        return shape[0];
    }

    private void requireShape(int[] expected) throws LensFileException {
        boolean same = true;
        for (int dimension = 0; dimension < shape.length; dimension++) {
            // An empty array has no inner shape.
            same &= shape[dimension] == expected[dimension] || shape[dimension] < 0;
        }
        if (!same) {
            throw new LensFileException(
                    path + ": expected arrays of shape " + Arrays.toString(expected) + ", found "
                            + Arrays.toString(shape),
                    null);
        }
    }
}
