package dev.stratalens.cli.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.cli.failure.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders of many shapes have the files and splits that the library datasets finds in them. What it found was recorded by
 * {@code record_folders.py} beside the record.
 */
class DatasetsLibraryTest {

    private static final Path RECORDED = Path.of("src/test/resources/dev/stratalens/cli/corpus/dataset-folders.json");

    /** The library reads these, and this command does not, because a part may be missing or the wrong one. */
    private static final Set<String> REFUSED_HERE = Set.of(
            "a folder without data decides",
            "the same name in two folders",
            "two formats",
            "compressed otherwise",
            "a glob among others that matches nothing",
            "the same name twice");

    /** The library does not find the only configuration of these. */
    private static final Set<String> READ_HERE = Set.of("described, and no configurations");

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> shapes() throws IOException {
        List<JsonElement> shapes = JsonParser.parseString(Files.readString(RECORDED))
                .getAsJsonObject()
                .getAsJsonArray("shapes")
                .asList();
        assertTrue(shapes.size() > 80, shapes.size() + " shapes");
        return shapes.stream()
                .map(JsonElement::getAsJsonObject)
                .map(shape -> DynamicTest.dynamicTest(shape.get("shape").getAsString(), () -> check(shape)));
    }

    private void check(JsonObject shape) throws IOException {
        String title = shape.get("shape").getAsString();
        Path folder = Files.createTempDirectory(temporary, "shape");
        make(folder, shape);
        if (READ_HERE.contains(title)) {
            assertTrue(shape.has("refused"));
            assertEquals(List.of("train.csv"), files(folder, shape, "train"));
            return;
        }
        if (shape.has("refused") || REFUSED_HERE.contains(title)) {
            assertEquals(REFUSED_HERE.contains(title), shape.has("splits"), "who refuses it");
            assertThrows(CliException.class, () -> files(folder, shape, ""));
            return;
        }
        Map<String, JsonElement> splits = shape.getAsJsonObject("splits").asMap();
        for (Map.Entry<String, JsonElement> split : splits.entrySet()) {
            Set<String> expected = new LinkedHashSet<>(); // the library has a file twice if two patterns match it
            split.getValue()
                    .getAsJsonArray()
                    .forEach(file -> expected.add(file.getAsString().replaceFirst("^\\./", "")));
            assertEquals(List.copyOf(expected), files(folder, shape, split.getKey()), split.getKey());
        }
        CliException e = assertThrows(CliException.class, () -> files(folder, shape, "none"));
        assertTrue(e.getMessage().endsWith(" has " + String.join(", ", splits.keySet()) + "."), e.getMessage());
        if (splits.size() == 1) {
            assertEquals(files(folder, shape, splits.keySet().iterator().next()), files(folder, shape, ""));
        }
    }

    private static void make(Path folder, JsonObject shape) throws IOException {
        for (JsonElement name : shape.getAsJsonArray("files")) {
            Path file = folder.resolve(name.getAsString());
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        for (Map.Entry<String, String> text :
                Map.of("readme", "README.md", "yaml", ".huggingface.yaml").entrySet()) {
            if (shape.has(text.getKey())) {
                Files.writeString(
                        folder.resolve(text.getValue()),
                        shape.get(text.getKey()).getAsString());
            }
        }
    }

    private static List<String> files(Path folder, JsonObject shape, String split) throws IOException {
        Optional<String> config = Optional.ofNullable(shape.get("name")).map(JsonElement::getAsString);
        CorpusSelection selection = new CorpusSelection(
                Optional.empty(), Optional.empty(), config, Optional.of(split).filter(name -> !name.isEmpty()));
        return Corpus.of(folder, selection).files().stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }
}
