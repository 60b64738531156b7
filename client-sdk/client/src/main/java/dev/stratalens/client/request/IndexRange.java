package dev.stratalens.client.request;

/**
 * Layers or positions to read: {@code first .. last} inclusive, every {@code stride}-th. Negative indices count from the end:
 * -1 is the last. A stride keeps the last one too.
 *
 * @param from first index
 * @param to last index, not before {@code from}
 * @param stride step, 1 or more
 */
public record IndexRange(int from, int to, int stride) {

    /** Checks what can be checked without knowing how many there are. */
    public IndexRange {
        if ((from < 0) == (to < 0) && to < from) {
            throw new IllegalArgumentException(
                    "range " + from + " .. " + to + " ends before it starts; put the smaller index first");
        }
        if (stride < 1) {
            throw new IllegalArgumentException("stride " + stride + " is below 1");
        }
    }

    /** One index; negative counts from the end. */
    public static IndexRange of(int index) {
        return of(index, index);
    }

    /** From {@code from} to {@code to}, both included; negative counts from the end. */
    public static IndexRange of(int from, int to) {
        return new IndexRange(from, to, 1);
    }

    /** From {@code from} to the last that exists; negative counts from the end. */
    public static IndexRange from(int from) {
        return new IndexRange(from, -1, 1);
    }

    /** The last that exists. */
    public static IndexRange last() {
        return of(-1);
    }

    /** 0, n, 2n, ... and the last that exists. */
    public static IndexRange everyNth(int n) {
        return new IndexRange(0, -1, n);
    }

    /** Every index that exists. */
    public static IndexRange all() {
        return from(0);
    }
}
