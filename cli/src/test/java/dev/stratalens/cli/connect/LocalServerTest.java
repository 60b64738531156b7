package dev.stratalens.cli.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalServerTest {

    private static final long GIB = 1L << 30;

    /** Weights count twice: where they are converted they take that. */
    @ParameterizedTest
    @CsvSource({"64, 1, 62", "64, 14, 36", "8, 3, 2", "8, 20, 2", "3, 1, 1.5", "0, 1, 0"})
    void aRequestMayTakeWhatIsFreeBesideTheWeights(long free, long weights, double granted) {
        assertEquals(
                (long) (granted * GIB),
                LocalServer.limits(free * GIB, weights * GIB).maxRequestBytes());
    }

    @Test
    void freeMemoryIsWhatTheSystemCallsAvailableWithinTheContainersLimit() {
        String meminfo = "MemTotal:       65000000 kB\nMemFree:         1000000 kB\nMemAvailable:   50000000 kB\n";
        assertEquals(50_000_000L * 1024, FreeMemory.bytes(meminfo, 64 * GIB));
        assertEquals(2 * GIB, FreeMemory.bytes(meminfo, 2 * GIB));
        assertEquals(GIB, FreeMemory.bytes("MemTotal: 1 kB", 2 * GIB));
        assertTrue(FreeMemory.bytes() > 0);
    }

    @Test
    void serversOfOneProcessHaveDifferentNames() {
        List<LocalModel> models = List.of(new LocalModel("demo", Path.of("../models/demo")));
        try (LocalServer one = LocalServer.start(models, "float32", "auto");
                LocalServer other = LocalServer.start(models, "float32", "auto")) {
            assertNotEquals(one.name(), other.name());
        }
    }
}
