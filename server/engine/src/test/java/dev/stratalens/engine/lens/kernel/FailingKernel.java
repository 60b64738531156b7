package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import java.util.Map;
import java.util.function.Supplier;

/** Asks its device once for memory that no device has. */
public final class FailingKernel extends WrappedKernel {

    /** Bytes that it asks for. */
    public static final long PIECE = 1L << 54;

    private static final long FLOAT32 = 6;

    private final TorchProgram greedy;
    private int readsBeforeFailure = Integer.MAX_VALUE;

    /** @param device that has no memory */
    public FailingKernel(HeadKernel kernel, Device device) {
        super(kernel);
        this.greedy = TorchProgram.compile(device, "weights", Map.of(), new TensorCount());
    }

    /** Fails at the n-th group of rows from now on. */
    public void failAtRead(int number) {
        readsBeforeFailure = number - 1;
    }

    @Override
    public Supplier<RowReadout> begin(TorchScope step, HeadQuery query, Cancellation cancellation) {
        if (readsBeforeFailure-- == 0) {
            readsBeforeFailure = Integer.MAX_VALUE;
            try (TorchScope scope = greedy.scope()) {
                greedy.tensor(scope, "empty", PIECE / Float.BYTES, FLOAT32);
            }
        }
        return super.begin(step, query, cancellation);
    }

    @Override
    public void close() {
        try (greedy) {
            super.close();
        }
    }
}
