package dev.stratalens.cli.doctor;

import dev.stratalens.engine.device.NvidiaHost;
import dev.stratalens.engine.device.TorchLibrary;
import dev.stratalens.engine.error.DeviceUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** PyTorch: on the class path, and the folder it is unpacked to. */
final class NativeLibraryChecks {

    private static final long UNPACKED_BYTES = 450L << 20;

    private final Map<String, String> environment;
    private final Path userHome;

    NativeLibraryChecks(Map<String, String> environment, Path userHome) {
        this.environment = environment;
        this.userHome = userHome;
    }

    List<Finding> run() {
        return List.of(library(), cache());
    }

    private Finding library() {
        String subject = "PyTorch";
        Optional<TorchLibrary> external = TorchLibrary.given(environment);
        if (external.isPresent()) {
            return external(subject, external.get());
        }
        Properties properties = new Properties();
        try (InputStream in = NativeLibraryChecks.class.getResourceAsStream("/native/lib/pytorch.properties")) {
            if (in == null) {
                return Finding.problem(
                        subject,
                        "no native library for %s %s on the class path"
                                .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                        "Build on this machine; Linux x86_64 and aarch64 and macOS aarch64 have one. Elsewhere set PYTORCH_LIBRARY_PATH to libtorch 2.7.1.");
            }
            properties.load(in);
        } catch (IOException e) {
            return Finding.problem(
                    subject, "the library's description cannot be read: " + e.getMessage(), "Build again.");
        }
        return Finding.ok(
                subject,
                "libtorch %s, %s, %s"
                        .formatted(
                                properties.getProperty("version"),
                                properties.getProperty("flavor"),
                                properties.getProperty("classifier")));
    }

    private Finding external(String subject, TorchLibrary library) {
        String found = "libtorch%s of PYTORCH_LIBRARY_PATH, %s%s"
                .formatted(
                        library.version().map(" "::concat).orElse(""),
                        library.folder(),
                        library.cuda().map(", CUDA "::concat).orElse(""));
        try {
            new NvidiaHost(Path.of("/"), environment).requireLoadable();
            return Finding.ok(subject, found);
        } catch (DeviceUnavailableException e) {
            return Finding.problem(subject, found, e.getMessage());
        }
    }

    private Finding cache() {
        String subject = "native cache";
        Path folder = cacheFolder();
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        boolean unpacked = Files.isDirectory(folder.resolve("pytorch"));
        if (unpacked) {
            return Finding.ok(subject, "unpacked in " + folder);
        }
        if (!Files.isWritable(existing)) {
            return Finding.problem(
                    subject,
                    "%s cannot be written, so PyTorch cannot be unpacked".formatted(folder),
                    "Set DJL_CACHE_DIR to a folder with 450 MB of room.");
        }
        return room(existing) < UNPACKED_BYTES
                ? Finding.problem(
                        subject,
                        "%s has only %d MB of room".formatted(folder, room(existing) >> 20),
                        "Set DJL_CACHE_DIR to a folder with 450 MB of room.")
                : Finding.ok(subject, "will be unpacked to %s at the first use".formatted(folder));
    }

    private Path cacheFolder() {
        for (String name : List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR")) {
            String value = environment.getOrDefault(name, "");
            if (!value.isEmpty()) {
                return Path.of(value);
            }
        }
        return userHome.resolve(".djl.ai");
    }

    private static long room(Path folder) {
        return folder.toFile().getUsableSpace();
    }
}
