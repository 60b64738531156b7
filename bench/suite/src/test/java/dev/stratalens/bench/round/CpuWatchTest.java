package dev.stratalens.bench.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuWatchTest {

    @TempDir
    Path proc;

    @Test
    void countsOnlyTheCoresThatThisProcessMayUse() throws IOException {
        counters(100, 0);
        CpuWatch watch = new CpuWatch(proc);
        CpuWatch.Reading before = watch.read();
        counters(400, 9_000);
        assertEquals(3, CpuWatch.foreignSeconds(before, watch.read()), 1e-9);
    }

    @Test
    void whatThisProcessUsesIsNotForeign() throws IOException {
        counters(100, 0);
        CpuWatch watch = new CpuWatch(proc);
        CpuWatch.Reading before = watch.read();
        counters(400, 0);
        Files.writeString(proc.resolve("self/stat"), "1 (a (b) c) R 0 0 0 0 0 0 0 0 0 0 290 10 0 0 20");
        assertEquals(0, CpuWatch.foreignSeconds(before, watch.read()), 1e-9);
        assertFalse(watch.disturbedSince(before));
    }

    @Test
    void aNeighborDisturbs() throws IOException {
        counters(100, 0);
        CpuWatch watch = new CpuWatch(proc);
        CpuWatch.Reading before = watch.read();
        counters(200, 0);
        assertTrue(watch.disturbedSince(before));
    }

    @Test
    void withoutCountersItSaysThatItSeesNothing() {
        CpuWatch watch = new CpuWatch(proc.resolve("missing"));
        assertFalse(watch.isAvailable());
        assertFalse(watch.disturbedSince(watch.read()));
    }

    /** Cores 0 and 1 are ours, core 2 is not; this process has used nothing. */
    private void counters(long ours, long others) throws IOException {
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(
                proc.resolve("stat"),
                "cpu  1 2 3\ncpu0 %d 0 0 5000 0 0 0 0\ncpu1 0 0 0 5000 0 0 0 0\ncpu2 %d 0 0 0 0 0 0 0\n"
                        .formatted(ours, others));
        Files.writeString(proc.resolve("self/status"), "Name:\tx\nCpus_allowed_list:\t0-1\n");
        Files.writeString(proc.resolve("self/stat"), "1 (a (b) c) R 0 0 0 0 0 0 0 0 0 0 0 0 0 0 20");
    }
}
