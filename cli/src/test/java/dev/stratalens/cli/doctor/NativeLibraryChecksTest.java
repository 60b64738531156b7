package dev.stratalens.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryChecksTest {

    @TempDir
    Path folder;

    @Test
    void theLibraryOnTheClassPathIsNamed() {
        Finding library = run(Map.of()).get(0);
        assertEquals(Level.OK, library.level());
        assertTrue(library.found().startsWith("libtorch 2.7.1"), library.found());
    }

    @Test
    void aLibraryPathThatIsWrongIsAProblem() {
        Finding library =
                run(Map.of("PYTORCH_LIBRARY_PATH", folder + "/absent")).get(0);
        assertEquals(Level.PROBLEM, library.level());
        assertTrue(library.found().contains("absent"));
    }

    @Test
    void theCacheIsWhereTheEnvironmentSaysElseInTheHome() throws IOException {
        assertTrue(
                run(Map.of()).get(1).found().contains(folder.resolve(".djl.ai").toString()));
        Path cache = Files.createDirectories(folder.resolve("cache"));
        assertTrue(run(Map.of("DJL_CACHE_DIR", cache.toString())).get(1).found().contains(cache.toString()));
        Files.createDirectories(cache.resolve("pytorch"));
        assertEquals(
                "unpacked in " + cache,
                run(Map.of("DJL_CACHE_DIR", cache.toString())).get(1).found());
    }

    private List<Finding> run(Map<String, String> environment) {
        return new NativeLibraryChecks(environment, folder).run();
    }
}
