package dev.stratalens.engine.model.weight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts of 3 pieces of 10 bytes, and a window of 4 pieces. */
@Timeout(60)
class ReadAheadTest {

    private static final int PIECE = 10;
    private static final int PARTS = 20;
    private static final int PIECES_OF_PART = 3;
    private static final int WINDOW = 4;

    private record Read(Path file, long offset, int count) {}

    private final BlockingQueue<Read> reads = new LinkedBlockingQueue<>();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger copied = new AtomicInteger();
    private final AtomicInteger furthest = new AtomicInteger();

    private void read(Path file, long offset, int count) {
        // Parts are told as copied before their pieces are given free, so this is never too strict.
        furthest.accumulateAndGet(started.incrementAndGet() - copied.get() * PIECES_OF_PART, Math::max);
        reads.add(new Read(file, offset, count));
    }

    @Test
    void everyPieceIsReadOnceInOrderAndNoneTooEarly() throws InterruptedException {
        List<Read> all = new ArrayList<>();
        try (var ahead = new ReadAhead(parts(), PIECE, WINDOW * PIECE, this::read)) {
            for (int part = 0; part < PARTS; part++) {
                // The window is wide enough for the part, which is read without being asked for.
                while (all.size() < (part + 1) * PIECES_OF_PART) {
                    all.add(next());
                }
                copied.incrementAndGet();
                ahead.copied(part + 1);
            }
        }
        assertEquals(
                IntStream.range(0, PARTS * PIECES_OF_PART)
                        .mapToObj(i -> new Read(file(i / PIECES_OF_PART), 100 + i % PIECES_OF_PART * PIECE, count(i)))
                        .toList(),
                all.stream()
                        .sorted((a, b) -> a.file().equals(b.file())
                                ? Long.compare(a.offset(), b.offset())
                                : a.file().compareTo(b.file()))
                        .toList());
        assertTrue(furthest.get() <= WINDOW, furthest + " pieces ahead");
        assertTrue(reads.isEmpty());
    }

    @Test
    void aTensorOfTwoPartsIsReadOnce() throws InterruptedException {
        List<TensorInfo> tied = parts().get(0);
        try (var ahead = new ReadAhead(List.of(tied, parts().get(1), tied), PIECE, 100 * PIECE, this::read)) {
            for (int i = 0; i < 2 * PIECES_OF_PART; i++) {
                next();
            }
            ahead.copied(3);
        }
        assertTrue(reads.isEmpty());
    }

    @Test
    void aFileThatCannotBeReadEndsTheReadingAndNothingElse() {
        try (var ahead = new ReadAhead(parts(), PIECE, WINDOW * PIECE, (file, offset, count) -> {
            started.incrementAndGet();
            throw new IOException("gone");
        })) {
            ahead.copied(PARTS);
        }
        assertTrue(started.get() <= WINDOW, started + " reads");
    }

    private Read next() throws InterruptedException {
        Read read = reads.poll(30, TimeUnit.SECONDS);
        if (read == null) {
            throw new AssertionError("nothing more is read");
        }
        return read;
    }

    /** The last piece of a part is a short one. */
    private static int count(int piece) {
        return piece % PIECES_OF_PART == PIECES_OF_PART - 1 ? 4 : PIECE;
    }

    private static Path file(int part) {
        return Path.of("%03d".formatted(part));
    }

    private static List<List<TensorInfo>> parts() {
        return IntStream.range(0, PARTS)
                .mapToObj(part -> List.of(
                        new TensorInfo("t" + part, StoredType.F32, new long[] {6}, file(part), 100, 2 * PIECE + 4)))
                .toList();
    }
}
