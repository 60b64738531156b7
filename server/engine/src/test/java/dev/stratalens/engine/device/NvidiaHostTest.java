package dev.stratalens.engine.device;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file system with the driver's files, and a program in the place of the driver's. */
class NvidiaHostTest {

    private static final String H100 = "NVIDIA H100, 81559, 80000, 9.0";
    private static final String K80 = "Tesla K80, 11441, 11000, 3.7";

    @TempDir
    private Path root;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void aWholeMachine() throws IOException {
        write("proc/driver/nvidia/version", "NVRM version: 570.86.15");
        write("usr/lib/x86_64-linux-gnu/libcuda.so.1", "");
        write("torch/version.py", "__version__ = '2.7.1+cu126'\ncuda: Optional[str] = '12.6'\n");
        write("torch/lib/" + System.mapLibraryName("torch"), "");
        write("torch/lib/libtorch_cuda.so", "");
        environment.put("PYTORCH_LIBRARY_PATH", root.resolve("torch/lib").toString());
        environment.put("DJL_CACHE_DIR", root.resolve("cache").toString());
        environment.put("PATH", "/nowhere:" + root.resolve("bin"));
        cards(H100, H100);
    }

    @Test
    void cardsAreThereWithTheirMemory() {
        assertEquals(
                List.of(
                        new HostDevice(Device.cuda(0), "NVIDIA H100", 81559L << 20, 80000L << 20),
                        new HostDevice(Device.cuda(1), "NVIDIA H100", 81559L << 20, 80000L << 20)),
                host().look().all());
        assertEquals(Optional.empty(), host().look().obstacle());
    }

    @Test
    void withoutADriverNothingElseIsAsked() throws IOException {
        Files.delete(root.resolve("proc/driver/nvidia/version"));

        assertEquals(Optional.empty(), host().look().obstacle());
        assertNoCards("No NVIDIA driver is loaded. Install the driver");
    }

    @Test
    void theDriversProgramRunsOnceALook() throws IOException {
        host().look().chosen(new DeviceChoice.Auto());

        assertEquals(List.of("run"), Files.readAllLines(root.resolve("runs")));
    }

    @Test
    void aContainerThatWasNotGivenTheCardsIsToldSo() throws IOException {
        Files.delete(root.resolve("usr/lib/x86_64-linux-gnu/libcuda.so.1"));
        assertNoCards("--gpus all");

        write("etc/ld.so.cache", "glibc-ld.so.cache1.1\0libcuda.so.1\0/opt/driver/libcuda.so.1\0");
        assertEquals(2, host().look().all().size(), "by the loader's cache");
        Files.delete(root.resolve("etc/ld.so.cache"));
        write("opt/libcuda.so.1", "");
        environment.put("LD_LIBRARY_PATH", root.resolve("opt").toString());
        assertEquals(2, host().look().all().size(), "by the loader's variable");
    }

    @Test
    void aDriverThatNamesNoCardIsNotTrusted() throws IOException {
        cards();
        assertNoCards("nvidia-smi");
        Files.delete(root.resolve("bin/nvidia-smi"));
        assertNoCards("nvidia-smi");
    }

    @Test
    void withoutALibraryTheCommandThatFetchesItIsNamed() throws IOException {
        environment.remove("PYTORCH_LIBRARY_PATH");
        assertNoCards("./stratalens setup-cuda");

        Path fetched = TorchLibrary.fetchedFolder(environment).resolve("torch");
        Files.createDirectories(fetched.getParent());
        Files.move(root.resolve("torch"), fetched);
        assertEquals(2, host().look().all().size());
    }

    @Test
    void aLibraryWithoutCudaOrOfAnotherVersionIsRefused() throws IOException {
        Files.delete(root.resolve("torch/lib/libtorch_cuda.so"));
        assertNoCards("has no CUDA");
        write("torch/version.py", "__version__ = '2.9.0'\n");
        assertNoCards("works with 2.7.1 only");
    }

    @ParameterizedTest
    @CsvSource({
        "12.6, 3.7, is too old: its compute capability is 3.7",
        "12.6, 12.0, is newer than libtorch for CUDA 12.6",
        "12.8, 7.0, is too old: its compute capability is 7.0",
        "12.6, 5.0, ",
        "12.8, 12.0, ",
        "11.8, 3.7, ",
    })
    void aCardThatTheLibraryHasNoCodeForIsRefused(String cuda, String capability, @Nullable String fault)
            throws IOException {
        write("torch/version.py", "__version__ = '2.7.1'\ncuda: Optional[str] = '%s'\n".formatted(cuda));
        cards("Some card, 1000, 900, " + capability);

        if (fault == null) {
            assertEquals(1, host().look().all().size());
        } else {
            assertNoCards(fault);
        }
    }

    @Test
    void anOldCardBesideAGoodOneIsLeftOut() throws IOException {
        environment.put("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        cards(K80, H100);

        assertEquals(
                List.of(Device.cuda(1)),
                host().look().all().stream().map(HostDevice::device).toList());
        assertTrue(host().look().obstacle().orElseThrow().contains("Card 0 (Tesla K80) is too old"));
    }

    @Test
    void numbersOfDifferentCardsMustMeanTheSameToAll() throws IOException {
        cards(K80, H100);
        assertNoCards("CUDA_DEVICE_ORDER=PCI_BUS_ID");
    }

    @Test
    void hiddenCardsAreNotThere() {
        environment.put("CUDA_VISIBLE_DEVICES", "1");
        assertEquals(
                List.of(Device.cuda(0)),
                host().look().all().stream().map(HostDevice::device).toList(),
                "numbered anew");
        environment.put("CUDA_VISIBLE_DEVICES", "GPU-1,0");
        assertEquals(2, host().look().all().size());
        environment.put("CUDA_VISIBLE_DEVICES", "0,7,1");
        assertEquals(1, host().look().all().size(), "what follows an unknown one is hidden");
        environment.put("CUDA_VISIBLE_DEVICES", "");
        assertNoCards("CUDA_VISIBLE_DEVICES hides every card");
    }

    @Test
    void aLibraryThatWouldEndTheProcessIsRefusedBeforeItIsLoaded() throws IOException {
        assertDoesNotThrow(() -> host().requireLoadable());

        Files.delete(root.resolve("usr/lib/x86_64-linux-gnu/libcuda.so.1"));
        assertNotLoadable("cannot be loaded without libcuda.so.1");
        Files.delete(root.resolve("torch/lib/libtorch_cuda.so"));
        assertDoesNotThrow(() -> host().requireLoadable(), "without CUDA");
        write("torch/version.py", "__version__ = '2.9.0'\n");
        assertNotLoadable("works with 2.7.1 only");
        environment.remove("PYTORCH_LIBRARY_PATH");
        assertDoesNotThrow(() -> host().requireLoadable(), "the one that comes with the program");
    }

    private void assertNotLoadable(String reason) {
        String message = assertThrows(DeviceUnavailableException.class, () -> host().requireLoadable())
                .getMessage();
        assertTrue(message.contains(reason), message);
    }

    private NvidiaHost host() {
        return new NvidiaHost(root, environment);
    }

    private void assertNoCards(String reason) {
        assertEquals(List.of(), host().look().all());
        String why = host().look().whyNone();
        assertTrue(why.contains(reason), why);
        assertTrue(why.endsWith("Or use device: cpu."), why);
    }

    private void cards(String... cards) throws IOException {
        var table = new StringBuilder();
        for (int i = 0; i < cards.length; i++) {
            table.append("echo '%d, GPU-%d, %s'\n".formatted(i, i, cards[i]));
        }
        write(
                "bin/nvidia-smi",
                "#!/bin/sh\necho run >> " + root.resolve("runs")
                        + "\ncase $1 in --query-gpu=index,*) ;; *) exit 2 ;; esac\n" + table);
        Files.setPosixFilePermissions(root.resolve("bin/nvidia-smi"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
