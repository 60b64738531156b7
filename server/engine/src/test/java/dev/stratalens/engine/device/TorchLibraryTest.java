package dev.stratalens.engine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchLibraryTest {

    private static final Map<String, String> NOTHING = Map.of();

    @TempDir
    private Path directory;

    @Test
    void aWheelTellsItsVersionAndItsCuda() throws IOException {
        TorchLibrary library = library();
        version("2.7.1+cu126", "'12.6'");

        assertEquals(Optional.of("2.7.1"), TorchLibrary.in(library.folder()).version());
        assertEquals(Optional.of("12.6"), TorchLibrary.in(library.folder()).cuda());
        version("2.7.1", "None");
        assertEquals(Optional.empty(), TorchLibrary.in(library.folder()).cuda());
    }

    @Test
    void anArchiveTellsItsVersionAndItsCuda() throws IOException {
        TorchLibrary library = library();
        Files.writeString(directory.resolve("build-version"), "2.7.1+cu128\n");
        assertEquals(
                new TorchLibrary(library.folder(), Optional.of("2.7.1"), Optional.of("12.8")),
                TorchLibrary.in(library.folder()));
        Files.writeString(directory.resolve("build-version"), "2.7.1+cpu\n");
        assertEquals(
                new TorchLibrary(library.folder(), Optional.of("2.7.1"), Optional.empty()),
                TorchLibrary.in(library.folder()));
    }

    @Test
    void theRightOneHasNoFault() throws IOException {
        TorchLibrary library = library();
        version("2.7.1+cu126", "'12.6'");

        assertFalse(library.hasCuda());
        assertEquals(Optional.empty(), TorchLibrary.in(library.folder()).fault(NOTHING));
        Files.createFile(library.folder().resolve("libtorch_cuda.so"));
        assertTrue(library.hasCuda());
        assertEquals(Optional.empty(), TorchLibrary.in(library.folder()).fault(Map.of("PYTORCH_FLAVOR", "cu128")));
    }

    @Test
    void anotherVersionIsRefusedBeforeItIsLoaded() throws IOException {
        TorchLibrary library = library();
        version("2.9.0+cu126", "'12.6'");

        assertFault(NOTHING, "is PyTorch 2.9.0, but Stratalens works with 2.7.1 only. Run: ./stratalens setup-cuda");
        version("2.7.1+cu126", "'12.6'");
        assertFault(Map.of("PYTORCH_VERSION", "2.8.0"), "2.8.0 by PYTORCH_VERSION");
        Files.delete(directory.resolve("version.py"));
        assertFault(NOTHING, "set PYTORCH_VERSION=2.7.1");
        assertEquals(Optional.empty(), TorchLibrary.in(library.folder()).fault(Map.of("PYTORCH_VERSION", "2.7.1")));
    }

    @Test
    void aFlavorThatIsNotThereIsRefused() throws IOException {
        TorchLibrary library = library();
        version("2.7.1+cu126", "'12.6'");

        assertFault(Map.of("PYTORCH_FLAVOR", "cu128"), "has no CUDA");
        Files.createFile(library.folder().resolve("libtorch_cuda.so"));
        assertFault(Map.of("PYTORCH_FLAVOR", "cu126"), "comes with cu128 only");
    }

    @Test
    void aFolderWithoutTheLibraryIsRefused() throws IOException {
        Files.delete(library().folder().resolve(System.mapLibraryName("torch")));

        assertFault(NOTHING, "Name the folder torch/lib");
        Files.delete(directory.resolve("lib"));
        assertFault(NOTHING, "not a directory");
    }

    @Test
    void theEnvironmentNamesOne() throws IOException {
        Path folder = library().folder();

        assertEquals(Optional.empty(), TorchLibrary.given(Map.of("PYTORCH_LIBRARY_PATH", "")));
        Map<String, String> environment = Map.of("PYTORCH_LIBRARY_PATH", folder.toString());
        assertEquals(folder, TorchLibrary.given(environment).orElseThrow().folder());
    }

    @Test
    void aFetchedOneLiesBesideTheUnpackedLibraries() throws IOException {
        Map<String, String> environment = Map.of("DJL_CACHE_DIR", directory.toString());

        assertEquals(Optional.empty(), TorchLibrary.fetched(environment));
        Files.createDirectories(TorchLibrary.fetchedFolder(environment).resolve("torch/lib"));
        assertTrue(TorchLibrary.fetched(environment).isPresent());
    }

    private void assertFault(Map<String, String> environment, String part) {
        String fault =
                TorchLibrary.in(directory.resolve("lib")).fault(environment).orElse("none");
        assertTrue(fault.contains(part), fault);
    }

    private TorchLibrary library() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("lib"));
        Files.createFile(folder.resolve(System.mapLibraryName("torch")));
        return TorchLibrary.in(folder);
    }

    private void version(String version, String cuda) throws IOException {
        Files.writeString(
                directory.resolve("version.py"),
                "from typing import Optional\n__version__ = '%s'\ndebug = False\ncuda: Optional[str] = %s\nhip: Optional[str] = None\n"
                        .formatted(version, cuda));
    }
}
