package dev.stratalens.engine.checkpoint.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.text.JsonTokenizer;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.engine.text.TokenizerDefinition;
import dev.stratalens.engine.text.TokenizerParts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the splitting of texts with that of the original tokenizer files. */
class GgufPreTokenizersTest {

    private static final Path RECORDED = Path.of("src/test/resources/formats/pre-tokenizers");
    private static final Path VOCABULARY = Path.of("src/test/resources/tokenizers/byte-level/tokenizer.json");

    private record Expected(String text, int[] ids) {}

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(RECORDED)) {
            return files.map(file -> String.valueOf(file.getFileName()).replace(".jsonl", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aTextIsSplitAsByTheOriginal(String name) throws IOException {
        List<Expected> recorded = Files.readAllLines(RECORDED.resolve(name + ".jsonl")).stream()
                .map(line -> new Gson().fromJson(line, Expected.class))
                .toList();
        assertFalse(recorded.isEmpty());
        try (Tokenizer tokenizer = tokenizer(name)) {
            for (Expected expected : recorded) {
                assertArrayEquals(
                        expected.ids(), tokenizer.encode(expected.text(), false).ids(), expected.text());
            }
        }
    }

    private static Tokenizer tokenizer(String name) throws IOException {
        JsonObject json = JsonParser.parseString(Files.readString(VOCABULARY)).getAsJsonObject();
        json.add(
                "pre_tokenizer",
                TokenizerParts.json(GgufPreTokenizers.named(name).orElseThrow()));
        json.add("normalizer", JsonNull.INSTANCE);
        json.add("post_processor", JsonNull.INSTANCE);
        json.add("padding", JsonNull.INSTANCE);
        json.add("truncation", JsonNull.INSTANCE);
        json.add("added_tokens", new JsonArray());
        return JsonTokenizer.of(
                new TokenizerDefinition(name, json.toString().getBytes(StandardCharsets.UTF_8), Map.of(), Map.of()));
    }
}
