package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The head on a device with memory of its own. Logits and running numbers stay there. One vector of results for each
 * group of rows comes to the heap; only then is the device waited for. In low precision the best tokens are rescored, as
 * on the processor.
 */
public final class DeviceHeadKernel implements HeadKernel {

    /** Numbers of gathered unembedding rows at a time: 64 MiB in float32. */
    private static final long GATHERED = 16L << 20;

    /** Most rows of a group: enough for the products, few enough for the memory that finds their best tokens. */
    private static final int ROWS = 1024;

    /** Columns below which a tile is mostly launches. */
    private static final int LEAST_COLUMNS = 4096;

    /** More best tokens of a row than anybody may ask for. */
    private static final int MOST_KEPT = 128;

    private final Head head;
    private final TileGeometry geometry;
    private final long gathered;
    private final TorchProgram program;
    private final DeviceTiles tiles;
    private final ExpectedLogits expectedLogits;

    /** @param bufferBytes size of a tile of float32 logits */
    public DeviceHeadKernel(Head head, long bufferBytes) {
        this(head, geometry(bufferBytes, head.vocabularySize()), GATHERED);
    }

    DeviceHeadKernel(Head head, TileGeometry geometry, long gathered) {
        this.head = head;
        this.geometry = geometry;
        this.gathered = gathered;
        this.program = head.deviceProgram(gathered);
        this.tiles = new DeviceTiles(
                program,
                head.weights(),
                new DeviceTiles.Shape(head.vocabularySize(), geometry.columns(), head.computeType(), head.capped()),
                head::numbers);
        this.expectedLogits = new ExpectedLogits(head, geometry.rows());
    }

    private static TileGeometry geometry(long bufferBytes, int vocabularySize) {
        int elements = (int) Math.min(bufferBytes / Float.BYTES, 1 << 28);
        int rows = Math.max(1, Math.min(ROWS, elements / Math.min(LEAST_COLUMNS, vocabularySize)));
        return new TileGeometry(rows, Math.max(1, Math.min(vocabularySize, elements / rows)));
    }

    @Override
    public int rowLimit() {
        return geometry.rows();
    }

    @Override
    public boolean isExact() {
        return head.computeType() == DataType.FLOAT32;
    }

    @Override
    public long workBytes() {
        int elementBytes = head.computeType().byteSize();
        // The product, its logits, their exponentials, and these rounded.
        long tile = (long) geometry.elements() * 2 * (elementBytes + Float.BYTES);
        long search = geometry.rows() * DeviceTiles.searchBytes(MOST_KEPT, geometry.columns());
        long rows = gathered * (elementBytes + Float.BYTES);
        long sums = (long) geometry.rows() * (head.width() + 2) * Float.BYTES;
        long check = 3L * head.vocabularySize() * Float.BYTES;
        return Math.max(tile + search, rows) + sums + expectedLogits.workBytes() + check;
    }

    @Override
    public RowReadout read(TorchScope step, HeadQuery query, Cancellation cancellation) {
        return tiles.read(step, query, cancellation);
    }

    @Override
    public Supplier<RowReadout> begin(TorchScope step, HeadQuery query, Cancellation cancellation) {
        return tiles.begin(step, query, cancellation);
    }

    @Override
    public Expectations expectations(TorchScope scope, int count) {
        return expectedLogits.storage(scope, count);
    }

    @Override
    public void keep(Expectations all, int first, Expectations some, int count) {
        expectedLogits.keep(all, first, some, count);
    }

    @Override
    public float[] expectedLogits(TorchScope step, TorchTensor rows, Expectations expectations, int[] which) {
        return expectedLogits.of(step, rows, expectations, which);
    }

    /** Groups get the same number of tokens; the numbers of the added ones are left out. */
    @Override
    public float[][] logits(TorchTensor rows, int[][] ids) {
        int most = Arrays.stream(ids).mapToInt(group -> group.length).max().orElse(0);
        var padded = new long[ids.length * most];
        for (int group = 0; group < ids.length; group++) {
            for (int i = 0; i < ids[group].length; i++) {
                padded[group * most + i] = ids[group][i];
            }
        }
        float[] all;
        try (TorchScope step = head.scope()) {
            TorchTensor tokens = step.longs(padded, ids.length, most);
            all = head.numbers(program.tensor(step, "group_logits", rows, head.weights(), tokens));
        }
        int rowsPerGroup = rows.rows() / ids.length;
        var logits = new float[ids.length][];
        for (int group = 0; group < ids.length; group++) {
            int count = ids[group].length;
            logits[group] = new float[rowsPerGroup * count];
            for (int row = 0; row < rowsPerGroup; row++) {
                System.arraycopy(all, (group * rowsPerGroup + row) * most, logits[group], row * count, count);
            }
        }
        return logits;
    }

    @Override
    public float[] plainLogits(TorchScope scope, TorchTensor rows) {
        return isExact()
                ? head.plainLogits(scope, rows)
                : head.numbers(program.tensor(scope, "widened_logits", rows, head.weights()));
    }

    @Override
    public void close() {
        program.close();
    }
}
