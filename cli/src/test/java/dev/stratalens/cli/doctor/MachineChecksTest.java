package dev.stratalens.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {

    @TempDir
    Path proc;

    @Test
    void namesTheExtensionsThatMatterAndTheMemory() throws IOException {
        Files.writeString(proc.resolve("cpuinfo"), "flags : fpu avx2 avx512f avx512_bf16 sse\n");
        Files.writeString(proc.resolve("meminfo"), "MemTotal: 16777216 kB\nMemFree: 1 kB\nMemAvailable: 8388608 kB\n");
        List<Finding> findings = new MachineChecks(proc).run();
        assertTrue(findings.get(0).found().endsWith("avx2 avx512f avx512_bf16"), findings.toString());
        assertEquals("16.0 GiB in all, 8.0 GiB free", findings.get(1).found());
    }

    @Test
    void aProcessorWithoutBf16SaysWhatThatMeans() throws IOException {
        Files.writeString(proc.resolve("cpuinfo"), "flags : avx2\n");
        assertTrue(new MachineChecks(proc).run().get(0).found().contains("no bf16"));
    }

    @Test
    void aSystemThatTellsNothingIsNoProblem() {
        for (Finding finding : new MachineChecks(proc.resolve("absent")).run()) {
            assertEquals(Level.OK, finding.level(), finding.toString());
        }
    }
}
