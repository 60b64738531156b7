package dev.stratalens.engine.lens.kernel;

import dev.stratalens.bench.bare.BareWork;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;

/** A tile of normally distributed logits in memory outside the heap, as a product leaves it. */
final class SampleTile implements AutoCloseable {

    private static final long SEED = 7;

    /** About the spread of a trained model's logits. */
    private static final double DEVIATION = 3;

    private final TorchProgram program =
            TorchProgram.compile(Device.CPU, BareWork.class, "yardstick", Map.of(), new TensorCount());
    private final TorchScope scope = program.scope();
    private final LogitTile tile;

    SampleTile(int rows, int columns, DataType type) {
        long code = type == DataType.FLOAT32 ? 6L : 15L;
        TorchTensor buffer = program.tensor(scope, "filled", (long) rows * columns, code);
        ByteBuffer view = buffer.directView();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < rows * columns; i++) {
            float logit = (float) (DEVIATION * random.nextGaussian());
            if (type == DataType.FLOAT32) {
                view.putFloat(4 * i, logit);
            } else {
                view.putShort(2 * i, (short) (Float.floatToRawIntBits(logit) >>> 16));
            }
        }
        this.tile = new LogitTile(buffer, new NativeNumbers(view, type), rows, 0, columns);
    }

    LogitTile tile() {
        return tile;
    }

    @Override
    public void close() {
        scope.close();
        program.close();
    }
}
