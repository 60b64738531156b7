package dev.stratalens.engine.checkpoint.gguf;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Kinds of tokenizers in GGUF files: how entries are spelled, and the parts around the merging. */
enum GgufTokenizerForm {
    /** Bytes written as printable characters, cut up by the file's pre-tokenizer. */
    BYTE_LEVEL,
    /** Sentencepiece: a space is U+2581, one is put before the text. */
    METASPACE,
    /** The same with one put before the text even where it begins with a space. */
    PREPENDED,
    /** Sentencepiece without a space before the text. */
    GEMMA;

    private static final String MARK = "\u2581";

    /** The form of a kind ({@code tokenizer.ggml.model}), which for sentencepiece depends on the architecture. */
    static Optional<GgufTokenizerForm> of(String kind, String architecture) {
        return switch (kind) {
            case "gpt2" -> Optional.of(BYTE_LEVEL);
            case "llama" ->
                Optional.of(
                        architecture.startsWith("gemma") ? GEMMA : architecture.equals("phi3") ? PREPENDED : METASPACE);
            default -> Optional.empty();
        };
    }

    /** How the vocabulary of a {@code tokenizer.json} writes a token. */
    String spelling(String token) {
        return switch (this) {
            case BYTE_LEVEL -> byteLevel(token);
            // Runs of spaces are stored as they are.
            case GEMMA -> token.contains(" ") && token.isBlank() ? MARK.repeat(token.length()) : token;
            case METASPACE, PREPENDED -> token;
        };
    }

    /** Tokens that transformers' class has by default and makes special where the vocabulary has them. */
    List<String> usualSpecialTokens() {
        return switch (this) {
            case BYTE_LEVEL -> List.of("<|endoftext|>");
            case METASPACE, PREPENDED -> List.of("<unk>", "<s>", "</s>");
            case GEMMA -> List.of("<unk>", "<bos>", "<eos>", "<pad>");
        };
    }

    /** Adds normaliser, pre-tokenizer and decoder. */
    void addParts(JsonObject json, Supplier<JsonObject> preTokenizer, boolean spaceBefore) {
        switch (this) {
            case BYTE_LEVEL -> {
                json.add("normalizer", JsonNull.INSTANCE);
                json.add("pre_tokenizer", preTokenizer.get());
                json.add("decoder", GgufPreTokenizers.byteLevel(true));
            }
            case METASPACE -> {
                JsonObject metaspace = part("Metaspace");
                metaspace.addProperty("replacement", MARK);
                metaspace.addProperty("prepend_scheme", spaceBefore ? "first" : "never");
                metaspace.addProperty("split", false);
                json.add("normalizer", JsonNull.INSTANCE);
                json.add("pre_tokenizer", metaspace);
                json.add("decoder", decoder(spaceBefore));
            }
            case PREPENDED -> {
                JsonObject prepend = part("Prepend");
                prepend.addProperty("prepend", MARK);
                json.add(
                        "normalizer",
                        spaceBefore ? sequence("normalizers", prepend, replace(" ", MARK)) : replace(" ", MARK));
                json.add("pre_tokenizer", JsonNull.INSTANCE);
                json.add("decoder", decoder(spaceBefore));
            }
            case GEMMA -> {
                JsonObject split = part("Split");
                split.add("pattern", string(" "));
                split.addProperty("behavior", "MergedWithPrevious");
                split.addProperty("invert", false);
                json.add("normalizer", replace(" ", MARK));
                json.add("pre_tokenizer", split);
                json.add("decoder", decoder(false));
            }
        }
    }

    private static JsonObject decoder(boolean spaceBefore) {
        JsonObject strip = part("Strip");
        strip.addProperty("content", " ");
        strip.addProperty("start", 1);
        strip.addProperty("stop", 0);
        JsonObject[] always = {replace(MARK, " "), part("ByteFallback"), part("Fuse")};
        return spaceBefore
                ? sequence("decoders", always[0], always[1], always[2], strip)
                : sequence("decoders", always);
    }

    private static JsonObject replace(String pattern, String content) {
        JsonObject replace = part("Replace");
        replace.add("pattern", string(pattern));
        replace.addProperty("content", content);
        return replace;
    }

    private static JsonObject string(String text) {
        JsonObject string = new JsonObject();
        string.addProperty("String", text);
        return string;
    }

    private static JsonObject part(String type) {
        JsonObject part = new JsonObject();
        part.addProperty("type", type);
        return part;
    }

    private static JsonObject sequence(String name, JsonObject... parts) {
        JsonArray list = new JsonArray();
        for (JsonObject part : parts) {
            list.add(part);
        }
        JsonObject sequence = part("Sequence");
        sequence.add(name, list);
        return sequence;
    }

    /** A token with any character outside the alphabet is text, and its bytes are still to be written in it. */
    private static String byteLevel(String token) {
        if (token.chars().allMatch(GgufTokenizerForm::isInAlphabet)) {
            return token;
        }
        StringBuilder spelled = new StringBuilder();
        for (byte value : token.getBytes(StandardCharsets.UTF_8)) {
            spelled.append(character(value & 0xFF));
        }
        return spelled.toString();
    }

    private static boolean isInAlphabet(int character) {
        return isPrintable(character) || (character >= 0x100 && character < 0x100 + 68);
    }

    /** Printable bytes are themselves; the 68 others follow, in order, from U+0100 on. */
    private static char character(int value) {
        if (isPrintable(value)) {
            return (char) value;
        }
        int place = 0;
        for (int other = 0; other < value; other++) {
            place += isPrintable(other) ? 0 : 1;
        }
        return (char) (0x100 + place);
    }

    private static boolean isPrintable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || (value >= 0xAE && value <= 0xFF);
    }
}
