package dev.stratalens.engine.lens.request;

import java.util.OptionalInt;

/**
 * Indices first .. last in steps of stride; the last is always included. Negative indices count from the end: -1 is the
 * last.
 *
 * @param first first index; empty for 0
 * @param last last index, not before {@code first}; empty for -1
 * @param stride step, 1 or more; empty for 1
 */
public record IndexRange(OptionalInt first, OptionalInt last, OptionalInt stride) {

    /** A single index. */
    public static IndexRange of(int index) {
        return of(index, index);
    }

    /** Every index of first .. last. */
    public static IndexRange of(int first, int last) {
        return new IndexRange(OptionalInt.of(first), OptionalInt.of(last), OptionalInt.empty());
    }

    /** Every stride-th index from 0, and the last. */
    public static IndexRange everyNth(int stride) {
        return new IndexRange(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(stride));
    }
}
