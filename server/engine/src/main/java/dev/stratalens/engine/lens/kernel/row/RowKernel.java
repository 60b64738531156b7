package dev.stratalens.engine.lens.kernel.row;

/** Arithmetic on single rows of numbers on the heap. Stateless, since rows are distributed over threads. */
public interface RowKernel {

    /** Number of partial sums. Kernels with the same number give the same bits. */
    int lanes();

    /**
     * Adds a row of logits to its statistics.
     *
     * @param logits the row, at the start of the array; the array may be longer
     * @param columns number of logits, 1 or more
     * @param firstToken token of the first one
     */
    void accept(float[] logits, int columns, int firstToken, RowStatistics statistics, int row);

    /**
     * Offers a row of scores to the list of the best, which comes with tiles from left to right.
     *
     * @param scores the row, at the start of the array; the array may be longer
     * @param columns number of scores, 1 or more
     * @param firstToken token of the first one
     */
    void offer(float[] scores, int columns, int firstToken, BestTokens best, int row);

    /**
     * Widens bfloat16 numbers to float32.
     *
     * @param pairs two numbers each, the first in the low half
     * @param destination receives 2 * count numbers
     */
    void widen(int[] pairs, int count, float[] destination);

    /** Dot product of a part of one array and the start of another, accumulated in float32. */
    float dot(float[] a, int firstOfA, float[] b, int count);
}
