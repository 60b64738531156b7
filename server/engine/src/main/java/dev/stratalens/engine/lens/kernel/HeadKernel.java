package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;

/**
 * What the head says of rows: statistics, best tokens, target ranks, expectations. The only thing that sees logits; each
 * kind of device has a form of it. Rows are those that a lens gives: before the unembedding, float32, [r, width]. Not
 * thread-safe.
 */
public interface HeadKernel extends AutoCloseable {

    /** Most rows of a query: one group of rows. */
    int rowLimit();

    /** Whether logits of all tokens have float32 accuracy, not only those of the best and of targets. */
    boolean isExact();

    /** Bytes that a query takes at most, beside its rows and what {@link #expectations} makes. */
    long workBytes();

    /**
     * Multiplies rows with the whole unembedding and keeps what was asked for.
     *
     * @param step owner of the readout's tensors
     * @param cancellation looked at again and again
     */
    RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation);

    /** Room for the expectations of so many distributions. */
    Expectations expectations(TorchScope scope, int count);

    /** Copies the first expectations of a readout to their places, from {@code first} on. */
    void keep(Expectations all, int first, Expectations some, int count);

    /**
     * Logits of rows, expected under other distributions: of row i, the sum over tokens v of p(v) z_i(v).
     *
     * @param rows any number
     * @param which index of p among the expectations, for each row
     * @return [r]
     */
    float[] expectedLogits(TorchScope step, TorchTensor rows, Expectations expectations, int[] which);

    /**
     * Logits of chosen tokens, with float32 accumulation.
     *
     * @param rows r for each group: the first row of every group, then the second of every group, and so on
     * @param ids tokens of each group, t
     * @return for each group [r * t]
     */
    float[][] logits(TorchTensor rows, int[][] ids);

    /**
     * All logits of a few rows, by other code than {@link #read}: a plain product in float32, products of single rows in low
     * precision.
     *
     * @return [r * V]
     */
    float[] plainLogits(TorchScope scope, TorchTensor rows);

    @Override
    void close();
}
