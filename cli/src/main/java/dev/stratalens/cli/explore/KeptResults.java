package dev.stratalens.cli.explore;

import dev.stratalens.client.result.LensResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The newest runs of all tabs, for saving: so many, few of them changed passes, and so many bytes of numbers. Thread-safe. */
final class KeptResults {

    private record Kept(String id, RunEnd end, long bytes) {

        boolean isChanged() {
            return end.result().unchanged().isPresent();
        }
    }

    /** A slider makes one with each move, and must not drive out what it moves from. */
    private static final int CHANGED_LIMIT = 8;

    private static final int LIMIT = 40;

    private final int limit;
    private final long byteLimit;
    private final Deque<Kept> results = new ArrayDeque<>();
    private long bytes;

    /** Keeps no more than a quarter of the heap. */
    KeptResults() {
        this(LIMIT, Runtime.getRuntime().maxMemory() / 4);
    }

    KeptResults(int limit, long byteLimit) {
        this.limit = limit;
        this.byteLimit = byteLimit;
    }

    /** Keeps one and drops the oldest where that is too much; the newest stays whatever its size. */
    synchronized void keep(String id, RunEnd end) {
        LensResult result = end.result();
        Kept kept = new Kept(
                id,
                end,
                bytes(result) + result.unchanged().map(KeptResults::bytes).orElse(0L));
        results.addLast(kept);
        bytes += kept.bytes();
        if (results.stream().filter(Kept::isChanged).count() > CHANGED_LIMIT) {
            Kept oldest = results.stream().filter(Kept::isChanged).findFirst().orElseThrow();
            results.remove(oldest);
            bytes -= oldest.bytes();
        }
        while (results.size() > 1 && (results.size() > limit || bytes > byteLimit)) {
            bytes -= results.removeFirst().bytes();
        }
    }

    /** A run; empty if it did not end well, or was dropped. */
    synchronized Optional<RunEnd> find(String id) {
        return results.stream().filter(kept -> kept.id().equals(id)).findFirst().map(Kept::end);
    }

    /** What the numbers take, by their count; texts are little beside them. */
    static long bytes(LensResult result) {
        return result.lenses().stream()
                .map(result::through)
                .mapToLong(KeptResults::bytesOfLens)
                .sum();
    }

    private static long bytesOfLens(LensResult result) {
        long cells = (long) result.layers().size() * result.positions().size();
        long perCell = 2L * result.k()
                + result.info().statistics().size()
                + 2L * result.targets().size();
        long tracked = 0;
        if (result.info().hasTrajectories()) {
            for (int position : result.positions()) {
                tracked += result.trajectories(position).size();
            }
        }
        return Float.BYTES * (cells * perCell + tracked * (result.layers().size() + 1));
    }
}
