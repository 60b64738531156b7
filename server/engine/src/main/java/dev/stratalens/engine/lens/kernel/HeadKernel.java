package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.function.Supplier;

/**
 * Computes the numbers of rows: statistics, best tokens, target ranks, expectations. Only the kernel sees logits; each
 * kind of device has an implementation. Rows come from a lens: before the unembedding, float32, [r, width]. Not
 * thread-safe.
 */
public interface HeadKernel extends AutoCloseable {

    /** Largest number of rows of a query: one group of rows. */
    int rowLimit();

    /** Whether logits of all tokens have float32 accuracy, not only those of the best and of targets. */
    boolean isExact();

    /** Largest memory of a query in bytes, beside its rows and its {@link #expectations}. */
    long workBytes();

    /**
     * Multiplies rows with the whole unembedding and keeps the requested numbers.
     *
     * @param step owner of the readout's tensors
     * @param cancellation checked repeatedly
     */
    RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation);

    /**
     * As {@link #read}, but a device with memory of its own is waited for later on, so that others can be given work
     * meanwhile.
     *
     * @return waits for the readout; to be called once, before the step is closed
     */
    default Supplier<RowReadout> begin(TorchScope step, HeadQuery query, Cancellation cancellation) {
        RowReadout readout = read(step, query, cancellation);
        return () -> readout;
    }

    /** Storage for the expectations of a number of distributions. */
    Expectations expectations(TorchScope scope, int count);

    /** Copies the first expectations of a readout to their places, from {@code first} on. */
    void keep(Expectations all, int first, Expectations some, int count);

    /**
     * Expected logits of rows under other distributions: for row i, the sum over tokens v of p(v) z_i(v).
     *
     * @param rows any number
     * @param which index of p in the expectations, for each row
     * @return [r]
     */
    float[] expectedLogits(TorchScope step, TorchTensor rows, Expectations expectations, int[] which);

    /**
     * Logits of given tokens, with float32 accumulation.
     *
     * @param rows r for each group: the first row of every group, then the second of every group, and so on
     * @param ids tokens of each group, t
     * @return [r * t] for each group
     */
    float[][] logits(TorchTensor rows, int[][] ids);

    /**
     * All logits of a few rows, by separate code from {@link #read}: a plain product in float32, products of single
     * rows in low precision.
     *
     * @return [r * V]
     */
    float[] plainLogits(TorchScope scope, TorchTensor rows);

    @Override
    void close();
}
