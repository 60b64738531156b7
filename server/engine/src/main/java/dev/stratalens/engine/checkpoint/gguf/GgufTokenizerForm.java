package dev.stratalens.engine.checkpoint.gguf;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.stratalens.engine.text.ByteAlphabet;
import dev.stratalens.engine.text.TokenizerParts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Kinds of tokenizers in GGUF files: the spelling of entries, and the parts around the merging. */
enum GgufTokenizerForm {
    /** Bytes written as printable characters, split by the file's pre-tokenizer. */
    BYTE_LEVEL,
    /** SentencePiece: a space is U+2581, and one is added before each text between special tokens, even if it begins with one. */
    METASPACE,
    /** The same with Phi-3's role tokens, which swallow the white space after them. */
    PHI3,
    /** SentencePiece without an added space. */
    GEMMA;

    private static final String MARK = "\u2581";
    private static final JsonElement ABSENT = JsonNull.INSTANCE;

    /** The form of a kind ({@code tokenizer.ggml.model}); for SentencePiece it depends on the architecture. */
    static Optional<GgufTokenizerForm> of(String kind, String architecture) {
        return switch (kind) {
            case "gpt2" -> Optional.of(BYTE_LEVEL);
            case "llama" ->
                Optional.of(architecture.startsWith("gemma") ? GEMMA : architecture.equals("phi3") ? PHI3 : METASPACE);
            case "gemma4" -> Optional.of(GEMMA);
            default -> Optional.empty();
        };
    }

    /** The spelling of a token in the vocabulary of a {@code tokenizer.json}. */
    String spelling(String token) {
        return switch (this) {
            // A token with a character outside of the alphabet is text; convert its bytes to the alphabet.
            case BYTE_LEVEL ->
                ByteAlphabet.bytes(token).isPresent()
                        ? token
                        : ByteAlphabet.spell(token.getBytes(StandardCharsets.UTF_8));
            // Runs of spaces are stored unchanged.
            case GEMMA -> token.contains(" ") && token.isBlank() ? MARK.repeat(token.length()) : token;
            case METASPACE, PHI3 -> token;
        };
    }

    /** Phi-3's first tokens, and the end of a text, swallow nothing. */
    boolean swallowsSpaceAfter(String token) {
        return this == PHI3 && !List.of("<unk>", "<s>", "<|endoftext|>").contains(token);
    }

    /** Default tokens of transformers' class, which are special if the vocabulary has them. */
    List<String> usualSpecialTokens() {
        return switch (this) {
            case BYTE_LEVEL -> List.of("<|endoftext|>");
            case METASPACE, PHI3 -> List.of("<unk>", "<s>", "</s>");
            case GEMMA -> List.of("<unk>", "<bos>", "<eos>", "<pad>");
        };
    }

    /** Adds normalizer, pre-tokenizer and decoder. */
    void addParts(JsonObject json, Supplier<Map<String, Object>> preTokenizer, boolean spaceBefore) {
        switch (this) {
            case BYTE_LEVEL -> add(json, ABSENT, preTokenizer.get(), TokenizerParts.byteLevel(false));
            case METASPACE, PHI3 -> {
                var marks = replace(" ", MARK);
                var prepend = Map.of("type", "Prepend", "prepend", MARK);
                var normalizer = spaceBefore ? TokenizerParts.sequence("normalizers", List.of(prepend, marks)) : marks;
                add(json, normalizer, ABSENT, decoder(spaceBefore));
            }
            case GEMMA -> {
                var space = Map.of("String", " ");
                var split =
                        Map.of("type", "Split", "pattern", space, "behavior", "MergedWithPrevious", "invert", false);
                add(json, replace(" ", MARK), split, decoder(false));
            }
        }
    }

    private static void add(JsonObject json, Object normalizer, Object preTokenizer, Object decoder) {
        json.add("normalizer", TokenizerParts.json(normalizer));
        json.add("pre_tokenizer", TokenizerParts.json(preTokenizer));
        json.add("decoder", TokenizerParts.json(decoder));
    }

    private static Map<String, Object> decoder(boolean spaceBefore) {
        var parts = new ArrayList<Object>(
                List.of(replace(MARK, " "), Map.of("type", "ByteFallback"), Map.of("type", "Fuse")));
        if (spaceBefore) {
            parts.add(Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0));
        }
        return TokenizerParts.sequence("decoders", parts);
    }

    private static Map<String, Object> replace(String pattern, String content) {
        return Map.of("type", "Replace", "pattern", Map.of("String", pattern), "content", content);
    }
}
