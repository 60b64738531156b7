package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Expected logits of rows under other distributions, on any device. */
final class ExpectedLogits {

    private final Head head;
    private final int rowLimit;

    /** @param rowLimit largest number of rows at a time if the head is capped */
    ExpectedLogits(Head head, int rowLimit) {
        this.head = head;
        this.rowLimit = rowLimit;
    }

    /** As {@link HeadKernel#workBytes()}: nothing, but for a softcap. */
    long workBytes() {
        // Logits and probabilities of the distributions, those of each row, and logits of the rows.
        return head.capped() ? (4L * rowLimit + head.width()) * Head.CAPPED_COLUMNS * Float.BYTES : 0;
    }

    /** As {@link HeadKernel#expectations}. */
    Expectations storage(TorchScope scope, int count) {
        return new Expectations(head.expectationSums(scope, count).rows());
    }

    /** As {@link HeadKernel#keep}. */
    void keep(Expectations all, int first, Expectations some, int count) {
        try (TorchScope step = head.scope()) {
            head.copy(head.slice(step, all.rows(), first, first + count), head.slice(step, some.rows(), 0, count));
        }
    }

    /** As {@link HeadKernel#expectedLogits}. */
    float[] of(TorchScope step, TorchTensor rows, Expectations expectations, int[] which) {
        if (!head.capped()) {
            long[] indices = Arrays.stream(which).asLongStream().toArray();
            return head.expectedLogits(step, rows, expectations.rows(), indices);
        }
        var expected = new float[which.length];
        for (int first = 0; first < which.length; first += rowLimit) {
            int end = Math.min(first + rowLimit, which.length);
            float[] some = capped(rows, expectations, first, Arrays.copyOfRange(which, first, end));
            System.arraycopy(some, 0, expected, first, some.length);
        }
        return expected;
    }

    /** Every distribution costs a product with the whole unembedding, so take only the needed ones, each once. */
    private float[] capped(TorchTensor rows, Expectations expectations, int first, int[] which) {
        int[] needed = Arrays.stream(which).sorted().distinct().toArray();
        long[] places = IntStream.of(which)
                .mapToLong(index -> Arrays.binarySearch(needed, index))
                .toArray();
        try (TorchScope step = head.scope()) {
            TorchTensor distributions = head.select(
                    step,
                    expectations.rows(),
                    IntStream.of(needed).asLongStream().toArray());
            return head.expectedLogits(
                    step, head.slice(step, rows, first, first + which.length), distributions, places);
        }
    }
}
