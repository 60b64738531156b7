package dev.stratalens.server.lens;

import dev.stratalens.server.model.Head;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Finds out which tiles this machine multiplies fastest. Libraries cut products in their own ways, and a tile that does not
 * suit them costs a tenth of the time. Takes some tenths of a second, once for a machine and a width of the model.
 */
final class TileCalibration {

    /** Bytes of an unembedding below which nobody waits for its product. */
    static final long SMALL_HEAD = 16L << 20;

    private static final int[] ROWS = {384, 960, 1536};
    private static final int[] COLUMNS = {2048, 4096, 6144};

    /** Noise must not choose. */
    private static final double CLEARLY_FASTER = 0.97;

    private static final int RUNS = 2;

    private final Head head;
    private final long bufferBytes;
    private final CalibrationFile file;

    TileCalibration(Head head, long bufferBytes, CalibrationFile file) {
        this.head = head;
        this.bufferBytes = bufferBytes;
        this.file = file;
    }

    /** The best tile within the buffer; measured if this machine has not done so before. */
    TileGeometry geometry() {
        int elementBytes = head.computeType().byteSize();
        TileGeometry usual = TileGeometry.within(bufferBytes, head.vocabularySize(), elementBytes);
        int width = head.unembeddingRows().rowSize();
        if ((long) head.vocabularySize() * width * elementBytes < SMALL_HEAD) {
            return usual;
        }
        String key = "%s.%d.%d".formatted(head.computeType(), width, bufferBytes);
        Optional<TileGeometry> known =
                file.read(key).flatMap(TileGeometry::parse).filter(this::fits);
        if (known.isPresent()) {
            return known.get();
        }
        TileGeometry best = measured(usual);
        file.write(key, best.toString());
        return best;
    }

    private TileGeometry measured(TileGeometry usual) {
        try (TorchScope scope = head.scope()) {
            int mostRows = Math.max(usual.rows(), ROWS[ROWS.length - 1]);
            int width = head.unembeddingRows().rowSize();
            TorchTensor rows = head.rounded(scope, scope.floats(new float[mostRows * width], mostRows, width));
            TorchTensor buffer = head.tileBuffer(
                    scope, (int) (bufferBytes / head.computeType().byteSize()));
            return best(usual, this::fits, tile -> nanosPerLogit(tile, rows, buffer));
        }
    }

    /** First the rows, then the columns; the usual tile unless another is clearly faster. */
    static TileGeometry best(TileGeometry usual, Predicate<TileGeometry> fits, ToDoubleFunction<TileGeometry> cost) {
        TileGeometry byRows = cheapest(
                usual, Arrays.stream(ROWS).mapToObj(rows -> new TileGeometry(rows, usual.columns())), fits, cost);
        return cheapest(
                byRows,
                Arrays.stream(COLUMNS).mapToObj(columns -> new TileGeometry(byRows.rows(), columns)),
                fits,
                cost);
    }

    private static TileGeometry cheapest(
            TileGeometry usual,
            Stream<TileGeometry> others,
            Predicate<TileGeometry> fits,
            ToDoubleFunction<TileGeometry> cost) {
        double limit = CLEARLY_FASTER * cost.applyAsDouble(usual);
        record Tried(TileGeometry tile, double cost) {}
        return others.filter(fits)
                .map(tile -> new Tried(tile, cost.applyAsDouble(tile)))
                .filter(tried -> tried.cost() < limit)
                .min(Comparator.comparingDouble(Tried::cost))
                .map(Tried::tile)
                .orElse(usual);
    }

    private boolean fits(TileGeometry tile) {
        return tile.columns() <= head.vocabularySize()
                && (long) tile.elements() * head.computeType().byteSize() <= bufferBytes;
    }

    private double nanosPerLogit(TileGeometry tile, TorchTensor rows, TorchTensor buffer) {
        long shortest = Long.MAX_VALUE;
        try (TorchScope step = head.scope()) {
            TorchTensor some = head.slice(step, rows, 0, tile.rows());
            for (int i = 0; i < RUNS; i++) {
                long start = System.nanoTime();
                head.projectTile(some, 0, tile.columns(), buffer);
                shortest = Math.min(shortest, System.nanoTime() - start);
            }
        }
        return (double) shortest / tile.elements();
    }
}
