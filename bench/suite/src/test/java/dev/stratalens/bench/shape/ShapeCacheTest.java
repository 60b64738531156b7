package dev.stratalens.bench.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.cli.terminal.ProgressLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapeCacheTest {

    @TempDir
    Path folder;

    private final ProgressLine silent = new ProgressLine(System.err, false, 80);

    @Test
    void whatIsThereIsNotWrittenAgain() throws IOException {
        Path there = Files.createDirectories(folder.resolve("stratalens-shapes/gpt2-small-bfloat16"));
        ShapeCache cache = new ShapeCache(Map.of("DJL_CACHE_DIR", folder.toString()), Path.of("unused"));
        assertEquals(
                there, cache.directory(ModelShape.GPT2_SMALL, WeightType.BFLOAT16, Path.of("no/tokenizer"), silent));
    }

    @Test
    void nothingIsLeftOfWhatCannotBeWritten() throws IOException {
        ShapeCache cache = new ShapeCache(Map.of(), folder);
        Path nowhere = Path.of("no", "tokenizer");
        assertThrows(
                NoSuchFileException.class,
                () -> cache.directory(ModelShape.GPT2_SMALL, WeightType.BFLOAT16, nowhere, silent));
        try (Stream<Path> left = Files.list(folder.resolve(".djl.ai/stratalens-shapes"))) {
            assertEquals(0, left.count());
        }
    }
}
