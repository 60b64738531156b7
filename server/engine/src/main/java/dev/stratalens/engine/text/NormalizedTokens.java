package dev.stratalens.engine.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Added tokens that the tokenizer's normalizer is applied to. One of which that leaves nothing ends the process when a text
 * is read, so that it must be found before; the library's own normalizer is asked, in a tokenizer without the tokens.
 */
final class NormalizedTokens {

    /** Any text that is not empty is one unknown word. */
    private static final Map<String, Object> MODEL =
            Map.of("type", "WordLevel", "vocab", Map.of("a", 0), "unk_token", "a");

    private final List<String> contents = new ArrayList<>();
    private JsonElement normalizer = JsonNull.INSTANCE;

    void add(String content) {
        contents.add(content);
    }

    void normalizer(JsonElement part) {
        normalizer = part;
    }

    /** A token of which the normalizer, whose parts are known to be safe, leaves nothing. */
    Optional<String> firstLost() throws IOException {
        if (contents.isEmpty() || normalizer.isJsonNull()) {
            return Optional.empty();
        }
        Map<String, Object> probe =
                Map.of("version", "1.0", "added_tokens", List.of(), "normalizer", normalizer, "model", MODEL);
        byte[] json = TokenizerParts.json(probe).toString().getBytes(StandardCharsets.UTF_8);
        try (HuggingFaceTokenizer tokenizer =
                HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), Map.of())) {
            return contents.stream()
                    .filter(content -> tokenizer.encode(content, false, false).getIds().length == 0)
                    .findFirst();
        }
    }
}
