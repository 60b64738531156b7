package dev.stratalens.engine.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that only the files beside a tokenizer.json name, compared with transformers. */
class AddedTokensTest {

    private static final Path RECORDED = Path.of("src/test/resources/tokenizers");
    private static final Path TOKENIZER = RECORDED.resolve("byte-level/tokenizer.json");

    @TempDir
    private Path directory;

    private record Text(String text, int[] ids) {}

    private record Case(String name, Map<String, JsonElement> files, List<Text> texts) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> recorded() throws IOException {
        return Stream.of(new Gson().fromJson(Files.readString(RECORDED.resolve("added-beside.json")), Case[].class));
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void idsAreThoseOfTransformers(Case some) throws IOException {
        Files.copy(TOKENIZER, directory.resolve("tokenizer.json"));
        for (Map.Entry<String, JsonElement> file : some.files().entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue().toString());
        }
        try (Tokenizer tokenizer = JsonTokenizer.open(directory)) {
            for (Text text : some.texts()) {
                assertArrayEquals(
                        text.ids(), tokenizer.encode(text.text(), false).ids(), text.text());
            }
        }
    }

    @Test
    void aTokenizerThatHasThemAllStaysAsItIs() throws IOException {
        byte[] tokenizer = Files.readAllBytes(RECORDED.resolve("metaspace/tokenizer.json"));

        assertSame(
                tokenizer,
                AddedTokens.merge("tokenizer.json", tokenizer, TokenizerSettings.read(new DirectoryFiles(directory))));
    }
}
