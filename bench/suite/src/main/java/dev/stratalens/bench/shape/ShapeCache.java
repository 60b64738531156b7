package dev.stratalens.bench.shape;

import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Keeps checkpoints of shapes beside the unpacked libraries, so that each is written once. */
public final class ShapeCache {

    private final Path folder;

    /**
     * The cache of this user.
     *
     * @param environment {@code DJL_CACHE_DIR} moves it
     */
    public ShapeCache(Map<String, String> environment, Path userHome) {
        String base = environment.getOrDefault("DJL_CACHE_DIR", "");
        this.folder = (base.isEmpty() ? userHome.resolve(".djl.ai") : Path.of(base)).resolve("stratalens-shapes");
    }

    /**
     * The directory of a shape; written if it is not there.
     *
     * @param tokenizer directory of a model whose tokenizer is used
     * @throws IOException if it cannot be written; nothing is left then
     */
    public Path directory(ModelShape shape, WeightType type, Path tokenizer, ProgressLine progress) throws IOException {
        Path directory = folder.resolve(shape + "-" + type);
        if (Files.isDirectory(directory)) {
            return directory;
        }
        Files.createDirectories(folder);
        Path unfinished = Files.createTempDirectory(folder, "unfinished");
        try {
            new RandomCheckpoint(shape.config(), type, tokenizer)
                    .write(unfinished, (done, total) -> progress.show("writing " + shape, done, total));
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) { // the move also fails where another process was faster
            delete(unfinished);
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        return directory;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
