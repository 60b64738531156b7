package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Finds the tile size that this machine multiplies fastest. Libraries split products in different ways, and an
 * unsuitable tile costs a tenth of the time. The measurement takes some tenths of a second, once for a machine and a
 * width of the model.
 */
public final class TileCalibration {

    /** Size of an unembedding below which its product is fast enough, in bytes. */
    static final long SMALL_HEAD = 16L << 20;

    private static final int[] ROWS = {768, 1024};
    private static final int[] COLUMNS = {1024, 2048, 4096};

    /** Larger than measurement noise. */
    private static final double CLEARLY_FASTER = 0.97;

    private static final int ROUNDS = 3;

    private final Head head;
    private final RowTeam team;
    /** Size of each thread's buffer. */
    private final long bufferBytes;

    private final CalibrationFile file;

    /** @param bufferBytes size of the buffers of all threads */
    public TileCalibration(Head head, RowTeam team, long bufferBytes, CalibrationFile file) {
        this.head = head;
        this.team = team;
        this.bufferBytes = bufferBytes / team.threads();
        this.file = file;
    }

    /** The best tile within the buffer, measured if this machine has no measurement yet. */
    public TileGeometry geometry() {
        int elementBytes = head.computeType().byteSize();
        TileGeometry usual = TileGeometry.within(bufferBytes, head.vocabularySize(), elementBytes);
        int width = head.width();
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
            int width = head.width();
            TorchTensor rows = head.rounded(scope, scope.floats(new float[mostRows * width], mostRows, width));
            int elements = (int) (bufferBytes / head.computeType().byteSize());
            List<TorchTensor> buffers = Stream.generate(() -> head.tileBuffer(scope, elements))
                    .limit(team.threads())
                    .toList();
            return best(usual, candidates().filter(this::fits).toList(), tile -> nanosPerLogit(tile, rows, buffers));
        }
    }

    private static Stream<TileGeometry> candidates() {
        return Arrays.stream(ROWS)
                .boxed()
                .flatMap(rows -> Arrays.stream(COLUMNS).mapToObj(columns -> new TileGeometry(rows, columns)));
    }

    /** The fastest tile over some rounds; the usual tile unless another is clearly faster. */
    static TileGeometry best(TileGeometry usual, List<TileGeometry> others, ToDoubleFunction<TileGeometry> cost) {
        var lowest = new LinkedHashMap<TileGeometry, Double>();
        for (int round = 0; round < ROUNDS; round++) {
            lowest.merge(usual, cost.applyAsDouble(usual), Math::min);
            others.forEach(tile -> lowest.merge(tile, cost.applyAsDouble(tile), Math::min));
        }
        TileGeometry cheapest =
                Collections.min(lowest.entrySet(), Map.Entry.comparingByValue()).getKey();
        return Objects.requireNonNull(lowest.get(cheapest)) < CLEARLY_FASTER * Objects.requireNonNull(lowest.get(usual))
                ? cheapest
                : usual;
    }

    private boolean fits(TileGeometry tile) {
        return tile.columns() <= head.vocabularySize()
                && (long) tile.elements() * head.computeType().byteSize() <= bufferBytes;
    }

    /** All threads at once, as in a projection. */
    private double nanosPerLogit(TileGeometry tile, TorchTensor rows, List<TorchTensor> buffers) {
        try (TorchScope step = head.scope()) {
            TorchTensor some = head.slice(step, rows, 0, tile.rows());
            int last = head.vocabularySize() - tile.columns();
            long start = System.nanoTime();
            team.run(buffers.size(), worker -> {
                int first = Math.min(worker * tile.columns(), last);
                head.projectTile(some, first, first + tile.columns(), buffers.get(worker));
            });
            return (double) (System.nanoTime() - start) / tile.elements();
        }
    }
}
