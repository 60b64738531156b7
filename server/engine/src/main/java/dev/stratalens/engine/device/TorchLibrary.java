package dev.stratalens.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A libtorch that does not come with the program. Its files tell what it is before it is loaded: the wrong one would end
 * the process.
 *
 * @param folder with {@code libtorch.so}
 * @param version such as {@code 2.7.1}; empty if no file tells
 * @param cuda version of CUDA that it was built with, such as {@code 12.6}; empty without CUDA, or if no file tells
 */
public record TorchLibrary(Path folder, Optional<String> version, Optional<String> cuda) {

    /** The version that the bridge to Java was built for. */
    public static final String VERSION = "2.7.1";

    /** The bridge for CUDA that comes with the program. */
    public static final String CUDA_FLAVOR = "cu128";

    private static final String PATH = "PYTORCH_LIBRARY_PATH";

    /** {@code __version__ = '2.7.1+cu126'}, in the wheel's {@code torch/version.py}. */
    private static final Pattern IN_WHEEL = Pattern.compile("__version__ = '([0-9.]+)");

    /** {@code cuda: Optional[str] = '12.6'}, in the same file. */
    private static final Pattern CUDA_IN_WHEEL = Pattern.compile("(?m)^cuda\\b[^=\\n]*= '([0-9.]+)'");

    /** {@code 2.7.1+cu128}, in {@code build-version} of the archive. */
    private static final Pattern IN_ARCHIVE = Pattern.compile("([0-9.]+)(?:\\+cu(\\d+)(\\d))?.*", Pattern.DOTALL);

    /** The library that the environment names. */
    public static Optional<TorchLibrary> given(Map<String, String> environment) {
        return Optional.of(environment.getOrDefault(PATH, ""))
                .filter(path -> !path.isEmpty())
                .map(path -> in(Path.of(path)));
    }

    /** The library with CUDA that was fetched for this program. */
    public static Optional<TorchLibrary> fetched(Map<String, String> environment) {
        return Optional.of(in(fetchedFolder(environment).resolve("torch/lib")))
                .filter(library -> Files.exists(library.folder));
    }

    /** Where a fetched library is unpacked. */
    public static Path fetchedFolder(Map<String, String> environment) {
        return cacheFolder(environment).resolve("stratalens-cuda-" + VERSION);
    }

    /** Where native libraries are unpacked. */
    public static Path cacheFolder(Map<String, String> environment) {
        return List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR").stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .findFirst()
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".djl.ai"));
    }

    /** Reads what is in a folder. */
    public static TorchLibrary in(Path folder) {
        Path above = folder.resolveSibling("");
        String wheel = text(above.resolve("version.py"));
        Matcher version = IN_WHEEL.matcher(wheel);
        if (version.find()) {
            Matcher cuda = CUDA_IN_WHEEL.matcher(wheel);
            return new TorchLibrary(
                    folder, Optional.of(version.group(1)), cuda.find() ? Optional.of(cuda.group(1)) : Optional.empty());
        }
        Matcher archive = IN_ARCHIVE.matcher(text(above.resolve("build-version")));
        return archive.matches()
                ? new TorchLibrary(
                        folder,
                        Optional.of(archive.group(1)),
                        Optional.ofNullable(archive.group(2)).map(major -> major + "." + archive.group(3)))
                : new TorchLibrary(folder, Optional.empty(), Optional.empty());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether it has CUDA. */
    public boolean hasCuda() {
        return Files.exists(folder.resolve("libtorch_cuda.so"));
    }

    /** Why the process would end if it loaded this library, and what to do; empty if nothing speaks against it. */
    public Optional<String> fault(Map<String, String> environment) {
        String flavor = environment.getOrDefault("PYTORCH_FLAVOR", "");
        String claimed = environment.getOrDefault("PYTORCH_VERSION", "");
        String found = version.orElse(claimed);
        if (!Files.isDirectory(folder)) {
            return Optional.of(
                    "%s names %s, which is not a directory. Correct it, or unset it to use the library that comes with Stratalens."
                            .formatted(PATH, folder));
        }
        if (!Files.exists(folder.resolve(System.mapLibraryName("torch")))) {
            return Optional.of("%s has no %s. Name the folder torch/lib of PyTorch %s, or unset %s."
                    .formatted(folder, System.mapLibraryName("torch"), VERSION, PATH));
        }
        if (found.isEmpty()) {
            return Optional.of("Nothing beside %s tells its version. If it is PyTorch %s, set PYTORCH_VERSION=%s."
                    .formatted(folder, VERSION, VERSION));
        }
        if (!found.equals(VERSION) || !(claimed.isEmpty() || claimed.equals(VERSION))) {
            return Optional.of("%s is PyTorch %s, but Stratalens works with %s only. Run: ./stratalens setup-cuda"
                    .formatted(folder, found.equals(VERSION) ? claimed + " by PYTORCH_VERSION" : found, VERSION));
        }
        if (flavor.startsWith("cu") && !hasCuda()) {
            return Optional.of("PYTORCH_FLAVOR is %s, but %s has no CUDA. Unset it, or run: ./stratalens setup-cuda"
                    .formatted(flavor, folder));
        }
        if (flavor.startsWith("cu") && !flavor.equals(CUDA_FLAVOR)) {
            return Optional.of("PYTORCH_FLAVOR is %s, but Stratalens comes with %s only. Unset it."
                    .formatted(flavor, CUDA_FLAVOR));
        }
        return Optional.empty();
    }
}
