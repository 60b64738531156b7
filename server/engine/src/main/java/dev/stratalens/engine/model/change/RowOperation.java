package dev.stratalens.engine.model.change;

import java.util.OptionalDouble;

/** What happens to a row, in float32. Vectors have the width of the row, or of a head. Arrays are not copied: read-only. */
public sealed interface RowOperation {

    /**
     * Sets rows.
     *
     * @param values one row for all, or one for each position and head, by position, row-major
     * @param width numbers of a row
     */
    record Set(float[] values, int width) implements RowOperation {

        /** Whether all rows get the same value. */
        public boolean isOneForAll() {
            return values.length == width;
        }
    }

    /** Times a factor. */
    record Scale(float factor) implements RowOperation {}

    /**
     * Adds a vector.
     *
     * @param largestShare largest length of what is added, as a share of the length of the row
     */
    record Shift(float[] vector, OptionalDouble largestShare) implements RowOperation {}

    /** Adds a vector times the length of the row. */
    record ShiftByLength(float[] vector) implements RowOperation {}

    /** {@code row + (row . probe) push}. */
    record Push(float[] probe, float[] push) implements RowOperation {}

    /** The row of the stream leaves the block as it entered. At block outputs only. */
    record Skip() implements RowOperation {}
}
