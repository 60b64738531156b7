package dev.stratalens.engine.device;

import dev.stratalens.engine.error.DeviceUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds the cards of NVIDIA by the files of their driver, and by the program that comes with it. */
public final class NvidiaHost implements Host {

    private static final String LIBRARY = "libcuda.so.1";
    private static final String PROGRAM = "nvidia-smi";
    private static final String PROCESSOR = " Or use device: cpu.";

    /** Where loaders look without being told. */
    private static final List<String> LOADER_FOLDERS =
            List.of("lib", "usr/lib", "lib64", "usr/lib64", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu");

    private static final long PATIENCE_SECONDS = 20;

    /** Oldest and newest generation that the library's code is built for, by version of CUDA. */
    private static final Map<String, Generations> GENERATIONS = Map.of(
            "11.8", new Generations(3.7, 9.9), "12.6", new Generations(5.0, 9.9), "12.8", new Generations(7.5, 12.9));

    private record Generations(double oldest, double newest) {}

    private final Path root;
    private final Map<String, String> environment;

    /**
     * Looks nowhere yet.
     *
     * @param root of the file system, {@code /}
     * @param environment variables of the process
     */
    public NvidiaHost(Path root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
    }

    /** This machine. */
    public static NvidiaHost here() {
        return new NvidiaHost(Path.of("/"), System.getenv());
    }

    @Override
    public Optional<TorchLibrary> library() {
        return TorchLibrary.given(environment).or(() -> TorchLibrary.fetched(environment));
    }

    @Override
    public void requireLoadable() {
        TorchLibrary.given(environment)
                .flatMap(library -> library.fault(environment)
                        .or(() -> library.hasCuda() && !loaderFinds()
                                ? Optional.of(withoutDriver(library))
                                : Optional.empty()))
                .ifPresent(fault -> {
                    throw new DeviceUnavailableException(fault);
                });
    }

    private static String withoutDriver(TorchLibrary library) {
        return "%s has CUDA and cannot be loaded without %s of the NVIDIA driver, which is not found. Unset PYTORCH_LIBRARY_PATH, or install the driver."
                .formatted(library.folder(), LIBRARY);
    }

    @Override
    public FoundCards look() {
        if (!Files.exists(root.resolve("proc/driver/nvidia/version"))) {
            return FoundCards.none(
                    "No NVIDIA driver is loaded. Install the driver with your system's package manager." + PROCESSOR);
        }
        if (!loaderFinds()) {
            return nothing(
                    "The NVIDIA driver is loaded, but %s is not found. In a container, give it the cards (docker run --gpus all); else install the driver's libraries."
                            .formatted(LIBRARY));
        }
        List<NvidiaCard> all = table();
        if (all.isEmpty()) {
            return nothing("%s, which comes with the NVIDIA driver, names no card. Run it and follow what it says."
                    .formatted(PROGRAM));
        }
        if (all.stream().map(NvidiaCard::name).distinct().count() > 1
                && !environment.getOrDefault("CUDA_DEVICE_ORDER", "").equals("PCI_BUS_ID")) {
            return nothing(
                    "Cards of several kinds have other numbers in %s than in CUDA. Set CUDA_DEVICE_ORDER=PCI_BUS_ID, or start through the launcher."
                            .formatted(PROGRAM));
        }
        String visible = environment.get("CUDA_VISIBLE_DEVICES");
        List<NvidiaCard> shown = visible == null ? all : NvidiaCard.visible(all, visible);
        if (shown.isEmpty()) {
            return nothing(
                    "CUDA_VISIBLE_DEVICES hides every card. Unset it, or name cards that %s lists.".formatted(PROGRAM));
        }
        return usable(shown);
    }

    private FoundCards usable(List<NvidiaCard> cards) {
        Optional<TorchLibrary> library = library();
        if (library.isEmpty()) {
            return nothing("There is an NVIDIA card, but no libtorch with CUDA. Run: ./stratalens setup-cuda.");
        }
        Optional<String> fault = library.get().fault(environment);
        if (fault.isPresent()) {
            return nothing(fault.get());
        }
        if (!library.get().hasCuda()) {
            return nothing(
                    "There is an NVIDIA card, but %s has no CUDA. Unset PYTORCH_LIBRARY_PATH and run: ./stratalens setup-cuda."
                            .formatted(library.get().folder()));
        }
        List<HostDevice> usable = cards.stream()
                .filter(card -> unfit(card, library.get()).isEmpty())
                .map(NvidiaCard::device)
                .toList();
        Optional<String> unfit = cards.stream()
                .flatMap(card -> unfit(card, library.get()).stream())
                .findFirst();
        return usable.isEmpty() ? nothing(unfit.orElse("")) : new FoundCards(usable, unfit, "");
    }

    /** A driver without a card that can compute. */
    private static FoundCards nothing(String obstacle) {
        return new FoundCards(List.of(), Optional.of(obstacle + PROCESSOR), obstacle + PROCESSOR);
    }

    /** Why a library has no code for a card. */
    private static Optional<String> unfit(NvidiaCard card, TorchLibrary library) {
        Generations built = library.cuda().map(GENERATIONS::get).orElse(new Generations(0, Double.MAX_VALUE));
        if (card.capability() < built.oldest()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "Card %d (%s) is too old: its compute capability is %.1f, and libtorch for CUDA %s needs %.1f.",
                    card.number(),
                    card.name(),
                    card.capability(),
                    library.cuda().orElse(""),
                    built.oldest()));
        }
        if (card.capability() > built.newest()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "Card %d (%s) is newer than libtorch for CUDA %s: name one for CUDA 12.8 in PYTORCH_LIBRARY_PATH.",
                    card.number(),
                    card.name(),
                    library.cuda().orElse("")));
        }
        return Optional.empty();
    }

    private boolean loaderFinds() {
        Stream<Path> told = paths("LD_LIBRARY_PATH");
        Stream<Path> usual = LOADER_FOLDERS.stream().map(root::resolve);
        return Stream.concat(told, usual).anyMatch(folder -> Files.exists(folder.resolve(LIBRARY)))
                || isInLoaderCache();
    }

    /** The cache holds plain paths, each ended by a zero. */
    private boolean isInLoaderCache() {
        try {
            return new String(Files.readAllBytes(root.resolve("etc/ld.so.cache")), StandardCharsets.ISO_8859_1)
                    .contains("/" + LIBRARY + "\0");
        } catch (IOException e) {
            return false;
        }
    }

    private List<NvidiaCard> table() {
        return paths("PATH")
                .map(folder -> folder.resolve(PROGRAM))
                .filter(Files::isExecutable)
                .findFirst()
                .map(NvidiaHost::table)
                .orElse(List.of());
    }

    private static List<NvidiaCard> table(Path program) {
        try {
            Process process = new ProcessBuilder(
                            program.toString(), "--query-gpu=" + NvidiaCard.QUERY, "--format=csv,noheader,nounits")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            // A line for each card fits in the pipe, so the program ends before it is read.
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            String table = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return table.lines()
                    .flatMap(line -> NvidiaCard.parse(line).stream())
                    .toList();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private Stream<Path> paths(String variable) {
        return Stream.of(environment.getOrDefault(variable, "").split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
    }
}
