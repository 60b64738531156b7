package dev.stratalens.engine.checkpoint.gguf;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What GGUF's names of pre-tokenizers stand for: how a text is cut up before byte-level BPE merges within the pieces. */
final class GgufPreTokenizers {

    private static final String LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final String QWEN2 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final String UPPER =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+";
    private static final String LOWER =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

    private static final String TEKKEN = UPPER + "|" + LOWER + "|\\p{N}" + REST;
    private static final String GPT4O = UPPER + CONTRACTION + "|" + LOWER + CONTRACTION + "|\\p{N}{1,3}" + REST;

    private static final Map<String, String> PATTERNS = new HashMap<>();

    /** Those that cut as GPT-2 does, which the tokenizers library has built in. */
    private static final Set<String> GPT2 = Set.of("gpt-2", "phi-2", "mpt", "olmo");

    /** Those that cut each digit off first, and then as GPT-2 does. */
    private static final Set<String> DIGITS = Set.of("starcoder", "refact", "smollm", "command-r");

    static {
        putAll(
                LLAMA3,
                "llama3",
                "llama-v3",
                "llama-bpe",
                "falcon3",
                "falcon-h1",
                "pixtral",
                "midm-2.0",
                "lfm2",
                "dbrx",
                "smaug-bpe");
        putAll(QWEN2, "qwen2", "deepseek-r1-qwen", "stablelm2", "kormo", "megrez");
        putAll(TEKKEN, "tekken");
        putAll(GPT4O, "gpt-4o", "llama4", "kanana2");
    }

    private GgufPreTokenizers() {}

    private static void putAll(String pattern, String... names) {
        for (String name : names) {
            PATTERNS.put(name, pattern);
        }
    }

    /** The part of a {@code tokenizer.json}; empty for an unknown name. */
    static Optional<JsonObject> named(String name) {
        if (GPT2.contains(name)) {
            return Optional.of(byteLevel(true));
        }
        JsonObject first = new JsonObject();
        if (DIGITS.contains(name)) {
            first.addProperty("type", "Digits");
            first.addProperty("individual_digits", true);
            return Optional.of(sequence(first, byteLevel(true)));
        }
        return Optional.ofNullable(PATTERNS.get(name)).map(pattern -> {
            JsonObject regex = new JsonObject();
            regex.addProperty("Regex", pattern);
            first.addProperty("type", "Split");
            first.add("pattern", regex);
            first.addProperty("behavior", "Isolated");
            first.addProperty("invert", false);
            return sequence(first, byteLevel(false));
        });
    }

    static Set<String> names() {
        Set<String> names = new TreeSet<>(PATTERNS.keySet());
        names.addAll(GPT2);
        names.addAll(DIGITS);
        return names;
    }

    static JsonObject byteLevel(boolean cuts) {
        JsonObject part = new JsonObject();
        part.addProperty("type", "ByteLevel");
        part.addProperty("add_prefix_space", false);
        part.addProperty("trim_offsets", true);
        part.addProperty("use_regex", cuts);
        return part;
    }

    private static JsonObject sequence(JsonObject first, JsonObject second) {
        JsonArray parts = new JsonArray();
        parts.add(first);
        parts.add(second);
        JsonObject sequence = new JsonObject();
        sequence.addProperty("type", "Sequence");
        sequence.add("pretokenizers", parts);
        return sequence;
    }
}
