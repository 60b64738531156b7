package dev.stratalens.cli.doctor;

import static java.util.Objects.requireNonNull;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.engine.device.TorchLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Fetches libtorch with CUDA: pip downloads the wheel of PyTorch and those that it needs, from where the user's own settings
 * say, and the native libraries in them are unpacked. The folder appears whole or not at all.
 */
public final class CudaLibraryFetch {

    /** Native libraries, and the file that tells the version. Their places tell them where to find each other. */
    private static final Pattern WANTED = Pattern.compile("torch/version\\.py|[\\w/.-]+/lib/[^/]+\\.so[.0-9]*");

    private final List<String> pip;
    private final Path target;

    /**
     * A fetch of wheels.
     *
     * @param pip the command that starts pip
     * @param target the folder to make
     */
    public CudaLibraryFetch(List<String> pip, Path target) {
        this.pip = List.copyOf(pip);
        this.target = target;
    }

    /**
     * Fetches and unpacks.
     *
     * @param pipOptions further options of pip, such as an index
     * @return what is in the folder
     */
    public TorchLibrary run(List<String> pipOptions) throws IOException, InterruptedException {
        Path cache =
                Files.createDirectories(requireNonNull(target.toAbsolutePath().getParent()));
        Path work = Files.createTempDirectory(cache, "fetch");
        try {
            Path wheels = Files.createDirectory(work.resolve("wheels"));
            Path unpacked = Files.createDirectory(work.resolve("unpacked"));
            download(wheels, pipOptions);
            unpackAll(wheels, unpacked);
            check(TorchLibrary.in(unpacked.resolve("torch/lib")));
            deleteIfThere(target);
            Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
            return TorchLibrary.in(target.resolve("torch/lib"));
        } finally {
            deleteIfThere(work);
        }
    }

    private void download(Path wheels, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(pip);
        command.addAll(List.of("download", "torch==" + TorchLibrary.VERSION));
        // The wheels for one version of Python, whichever runs pip: only the native libraries are used.
        command.addAll(List.of("--only-binary=:all:", "--python-version=3.12", "--dest", wheels.toString()));
        command.addAll(options);
        int exit;
        try {
            exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "pip cannot be started (%s). Install Python 3 with pip, or name its command with --pip."
                            .formatted(String.join(" ", pip)),
                    e);
        }
        if (exit != 0) {
            throw new CliException(
                    ExitCode.UNAVAILABLE,
                    "pip could not download PyTorch %s; it says why above. Options for pip go behind --, such as -- --index-url URL."
                            .formatted(TorchLibrary.VERSION));
        }
    }

    private static void unpackAll(Path wheels, Path unpacked) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(wheels)) {
            files = listed.filter(file -> file.toString().endsWith(".whl"))
                    .sorted()
                    .toList();
        }
        for (Path wheel : files) {
            unpack(wheel, unpacked);
            // Both together would take twice the room.
            Files.delete(wheel);
        }
    }

    private static void unpack(Path wheel, Path unpacked) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                Path file = unpacked.resolve(entry.getName()).normalize();
                if (WANTED.matcher(entry.getName()).matches() && file.startsWith(unpacked)) {
                    Files.createDirectories(requireNonNull(file.getParent()));
                    try (InputStream content = zip.getInputStream(entry)) {
                        Files.copy(content, file);
                    }
                }
            }
        }
    }

    private static void check(TorchLibrary library) {
        library.fault(Map.of()).ifPresent(fault -> {
            throw new CliException(ExitCode.MODEL, "What pip downloaded cannot be used: " + fault);
        });
        if (!library.hasCuda()) {
            throw new CliException(
                    ExitCode.MODEL,
                    "What pip downloaded has no CUDA. On Linux x86_64 the wheel of PyPI has it; elsewhere name an index that has it, such as -- --index-url URL.");
        }
    }

    private static void deleteIfThere(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
