package dev.stratalens.client.request;

import java.util.OptionalInt;

/**
 * Layers or positions to read: {@code first .. last} inclusive, every {@code stride}-th. A stride keeps the last one too.
 *
 * @param first first index, 0 or more
 * @param last last index, not below {@code first}; absent = the last that exists
 * @param stride step, 1 or more
 */
public record IndexRange(int first, OptionalInt last, int stride) {

    /** Checks the bounds. */
    public IndexRange {
        if (first < 0 || (last.isPresent() && last.getAsInt() < 0)) {
            throw new IllegalArgumentException("index "
                    + (first < 0 ? first : last.getAsInt())
                    + " is negative; indexes start at 0, an absent last index means the last that exists, and the"
                    + " embedding is asked for with includeEmbedding()");
        }
        if (last.isPresent() && last.getAsInt() < first) {
            throw new IllegalArgumentException("range " + first + " .. " + last.getAsInt()
                    + " ends before it starts; put the smaller index first");
        }
        if (stride < 1) {
            throw new IllegalArgumentException("stride " + stride + " is below 1");
        }
    }

    /** One index. */
    public static IndexRange of(int index) {
        return of(index, index);
    }

    /** From {@code first} to {@code last}, both included. */
    public static IndexRange of(int first, int last) {
        return new IndexRange(first, OptionalInt.of(last), 1);
    }

    /** From {@code first} to the last that exists. */
    public static IndexRange from(int first) {
        return new IndexRange(first, OptionalInt.empty(), 1);
    }

    /** 0, n, 2n, ... and the last that exists. */
    public static IndexRange everyNth(int n) {
        return new IndexRange(0, OptionalInt.empty(), n);
    }

    /** Every index that exists. */
    public static IndexRange all() {
        return from(0);
    }
}
