package dev.stratalens.engine.lens.plan;

import java.util.OptionalInt;

/**
 * Indexes first .. last, every stride-th; the last is always one of them. The numbers are unsigned, as on the wire.
 *
 * @param first first index
 * @param last last index, not below {@code first}; empty for the last that exists
 * @param stride step; 0 means 1
 */
public record IndexRange(int first, OptionalInt last, int stride) {

    /** A single index. */
    public static IndexRange of(int index) {
        return of(index, index);
    }

    /** Every index of first .. last. */
    public static IndexRange of(int first, int last) {
        return new IndexRange(first, OptionalInt.of(last), 1);
    }

    /** Every stride-th index from 0, and the last. */
    public static IndexRange everyNth(int stride) {
        return new IndexRange(0, OptionalInt.empty(), stride);
    }
}
