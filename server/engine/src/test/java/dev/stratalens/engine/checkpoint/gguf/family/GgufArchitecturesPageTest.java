package dev.stratalens.engine.checkpoint.gguf.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.gguf.GgufFile;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/gguf-architectures.md} is made from the table of architectures, the recorded files and the list of llama.cpp's. With
 * {@code -Dgguf.architectures.rewrite=true} this test writes the page instead of comparing it.
 */
class GgufArchitecturesPageTest {

    private static final Path PAGE = Path.of("../../docs/gguf-architectures.md");
    private static final Path RECORDED = Path.of("src/test/resources/formats/models");
    private static final Path LIST = Path.of("src/test/resources/reference/gguf-architectures.tsv");

    /** Architectures of llama.cpp, with the reason why one has no row; empty if it has one. */
    private static final Map<String, String> REASONS = reasons();

    @Test
    void thePageIsMadeFromTheTableAndTheFiles() throws IOException {
        if (Boolean.getBoolean("gguf.architectures.rewrite")) {
            Files.writeString(PAGE, page());
        }
        assertEquals(page(), Files.readString(PAGE), "run this test with -Dgguf.architectures.rewrite=true");
    }

    @Test
    void everyArchitectureOfLlamaCppIsReadOrHasAReason() {
        Set<String> read = GgufFamilies.names();
        assertTrue(REASONS.keySet().containsAll(read));
        REASONS.forEach((name, reason) ->
                assertTrue(read.contains(name) == reason.isEmpty(), () -> name + ": a row, or a reason, not both"));
    }

    @Test
    void everyArchitectureHasARecordedFile() {
        assertEquals(GgufFamilies.names(), types().keySet());
    }

    /** Model types of the recorded files, by architecture. */
    private static Map<String, Set<String>> types() {
        var types = new TreeMap<String, Set<String>>();
        try (Stream<Path> directories = Files.list(RECORDED)) {
            List<Path> files = directories
                    .map(directory -> directory.resolve("model.gguf"))
                    .filter(Files::exists)
                    .toList();
            for (Path file : files) {
                String architecture = GgufFile.read(file)
                        .metadata()
                        .string("general.architecture")
                        .orElseThrow();
                types.computeIfAbsent(architecture, name -> new TreeSet<>())
                        .add(CheckpointReader.open(file).config().modelType());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return types;
    }

    private static String page() {
        Map<String, Set<String>> types = types();
        String table = REASONS.keySet().stream()
                .map(name -> "| `%s` | %s |".formatted(name, cell(types, name)))
                .collect(Collectors.joining("\n"));
        return """
                # GGUF architectures

                Every architecture of llama.cpp, by the name in a GGUF file. Stratalens reads %d of %d. Each has recorded files, in which
                every layer, position and statistic agrees with transformers on the original ([checkpoint formats](checkpoint-formats.md#gguf)).

                `GgufArchitecturesPageTest` makes this page, with `-Dgguf.architectures.rewrite=true`.

                | architecture | read as |
                |---|---|
                %s
                """.formatted(types.size(), REASONS.size(), table);
    }

    private static String cell(Map<String, Set<String>> types, String name) {
        Set<String> read = types.getOrDefault(name, Set.of());
        return read.isEmpty()
                ? "no: " + REASONS.get(name)
                : read.stream().map(type -> "`" + type + "`").collect(Collectors.joining(", "));
    }

    private static Map<String, String> reasons() {
        try {
            return Files.readAllLines(LIST).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .collect(Collectors.toMap(
                            columns -> columns[0],
                            columns -> columns.length == 1 ? "" : columns[1],
                            (one, other) -> {
                                throw new IllegalStateException("an architecture occurs twice");
                            },
                            TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
