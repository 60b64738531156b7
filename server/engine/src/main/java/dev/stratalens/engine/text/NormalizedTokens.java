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
 * Added tokens to which the tokenizer's normalizer is applied. If the normalizer deletes such a token, the library ends
 * the process when it reads a text, so the token must be found before. The check uses the library's own normalizer, in
 * a tokenizer without the tokens.
 */
final class NormalizedTokens {

    /** A model in which any non-empty text is one unknown word. */
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

    /** A token that the normalizer, whose parts are known to be safe, deletes. */
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
