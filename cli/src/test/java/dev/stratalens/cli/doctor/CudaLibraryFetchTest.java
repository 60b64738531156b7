package dev.stratalens.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.engine.device.TorchLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stub wheels in a folder, and a pip that copies them from there. */
class CudaLibraryFetchTest {

    private static final String VERSION = "__version__ = '2.7.1+cu126'\ncuda: Optional[str] = '12.6'\n";

    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void stubs() throws IOException {
        target = folder.resolve("cache/stratalens-cuda");
        Files.createDirectories(folder.resolve("wheels"));
        pip("""
                #!/bin/sh
                [ "$1 $2" = "download torch==2.7.1" ] || exit 2
                while [ $# -gt 0 ]; do
                  case $1 in
                    --dest) to=$2 ;;
                    --find-links) from=$2 ;;
                  esac
                  shift
                done
                cp "$from"/*.whl "$to"
                """);
        wheel(
                "torch-2.7.1.whl",
                Map.of(
                        "torch/version.py",
                        VERSION,
                        "torch/__init__.py",
                        "",
                        "torch/lib/" + System.mapLibraryName("torch"),
                        "",
                        "torch/lib/libtorch_cuda.so",
                        "",
                        "torch/lib/../../../escaped/lib/x.so",
                        ""));
        wheel("nvidia_cublas.whl", Map.of("nvidia/cublas/lib/libcublas.so.12", "", "nvidia/cublas/include/x.h", ""));
    }

    @Test
    void nativeLibrariesAreUnpackedWhereTheyFindEachOther() throws Exception {
        TorchLibrary library = fetch();

        assertEquals(target.resolve("torch/lib"), library.folder());
        assertEquals(Optional.of("2.7.1"), library.version());
        assertEquals(Optional.of("12.6"), library.cuda());
        assertTrue(library.hasCuda());
        assertTrue(Files.exists(target.resolve("nvidia/cublas/lib/libcublas.so.12")));
        assertFalse(Files.exists(target.resolve("torch/__init__.py")), "Python's part is not needed");
        assertFalse(Files.exists(target.resolve("nvidia/cublas/include")));
        assertFalse(Files.exists(folder.resolve("escaped")), "nothing leaves the folder");
        assertOnlyTheTarget();
    }

    @Test
    void anEarlierFetchIsReplaced() throws Exception {
        Files.createDirectories(target.resolve("old"));

        fetch();

        assertFalse(Files.exists(target.resolve("old")));
    }

    @Test
    void anotherVersionOrOneWithoutCudaIsRefusedAndWhatWasThereStays() throws Exception {
        fetch();
        wheel(
                "torch-2.7.1.whl",
                Map.of(
                        "torch/version.py",
                        "__version__ = '2.9.0'\n",
                        "torch/lib/" + System.mapLibraryName("torch"),
                        ""));
        assertTrue(assertThrows(CliException.class, this::fetch).getMessage().contains("2.9.0"));
        wheel(
                "torch-2.7.1.whl",
                Map.of("torch/version.py", VERSION, "torch/lib/" + System.mapLibraryName("torch"), ""));
        assertTrue(assertThrows(CliException.class, this::fetch).getMessage().contains("has no CUDA"));

        assertTrue(Files.exists(target.resolve("torch/lib/libtorch_cuda.so")));
        assertOnlyTheTarget();
    }

    @Test
    void aPipThatFailsOrIsNotThereIsSaid() throws IOException {
        pip("#!/bin/sh\nexit 1\n");
        assertTrue(assertThrows(CliException.class, this::fetch).getMessage().contains("pip could not download"));
        Files.delete(folder.resolve("pip"));
        assertTrue(assertThrows(CliException.class, this::fetch).getMessage().contains("--pip"));
    }

    private TorchLibrary fetch() throws IOException, InterruptedException {
        return new CudaLibraryFetch(List.of(folder.resolve("pip").toString()), target)
                .run(List.of("--find-links", folder.resolve("wheels").toString()));
    }

    private void assertOnlyTheTarget() throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            assertEquals(List.of(target), files.toList());
        }
    }

    private void pip(String script) throws IOException {
        Files.writeString(folder.resolve("pip"), script);
        Files.setPosixFilePermissions(folder.resolve("pip"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void wheel(String name, Map<String, String> files) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve("wheels").resolve(name));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
