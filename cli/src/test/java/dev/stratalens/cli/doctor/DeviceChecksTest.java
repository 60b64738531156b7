package dev.stratalens.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.doctor.Finding.Level;
import dev.stratalens.engine.device.NvidiaHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceChecksTest {

    @TempDir
    Path root;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void aMachineWithoutADriverComputesOnTheProcessor() {
        assertEquals(List.of(Finding.ok("devices", "cpu")), run());
    }

    @Test
    void aDriverAloneIsToldTheNextThingToDo() throws IOException {
        write("proc/driver/nvidia/version", "x");
        Finding finding = run().get(0);

        assertEquals(Level.NOTE, finding.level());
        assertTrue(finding.remedy().contains("libcuda.so.1 is not found"), finding.remedy());
    }

    @Test
    void aDriverWithoutALibraryIsToldTheCommand() throws IOException {
        wholeDriver();

        assertTrue(run().get(0).remedy().contains("./stratalens setup-cuda"), run().toString());
    }

    @Test
    void cardsAreNamedWithTheirFreeMemory() throws IOException {
        wholeDriver();
        write("torch/version.py", "__version__ = '2.7.1'\ncuda: Optional[str] = '12.6'\n");
        write("torch/lib/" + System.mapLibraryName("torch"), "");
        write("torch/lib/libtorch_cuda.so", "");
        environment.put("PYTORCH_LIBRARY_PATH", root.resolve("torch/lib").toString());

        assertEquals(List.of(Finding.ok("devices", "cpu, cuda:0 (NVIDIA H100, 63 GB of 86 GB free)")), run());
    }

    private List<Finding> run() {
        return new DeviceChecks(new NvidiaHost(root, environment)).run();
    }

    private void wholeDriver() throws IOException {
        write("proc/driver/nvidia/version", "x");
        write("usr/lib64/libcuda.so.1", "");
        write("bin/nvidia-smi", "#!/bin/sh\necho '0, GPU-1, NVIDIA H100, 81559, 60000, 9.0'\n");
        Files.setPosixFilePermissions(root.resolve("bin/nvidia-smi"), PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("PATH", root.resolve("bin").toString());
        environment.put("DJL_CACHE_DIR", root.resolve("cache").toString());
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
