package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.text.TokenizerParts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** GGUF's named pre-tokenizers, which split a text before byte-level BPE merges within the pieces. */
final class GgufPreTokenizers {

    private static final String GLM4 = "glm4";

    private static final String UPPER =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+";
    private static final String LOWER =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

    private static final String TEKKEN = UPPER + "|" + LOWER + "|\\p{N}" + REST;
    private static final String GPT4O = UPPER + CONTRACTION + "|" + LOWER + CONTRACTION + "|\\p{N}{1,3}" + REST;

    /** Maps a regular expression of words to the names of the pre-tokenizers that use it. */
    private static final Map<String, Set<String>> EXPRESSIONS = Map.of(
            TokenizerParts.words("\\p{N}{1,3}"),
            Set.of(
                    "llama3",
                    "llama-v3",
                    "llama-bpe",
                    "falcon3",
                    "falcon-h1",
                    "pixtral",
                    "midm-2.0",
                    "lfm2",
                    "dbrx",
                    "smaug-bpe",
                    "chatglm-bpe",
                    GLM4),
            TokenizerParts.words("\\p{N}"),
            Set.of("qwen2", "deepseek-r1-qwen", "stablelm2", "kormo", "megrez"),
            TEKKEN,
            Set.of("tekken"),
            GPT4O,
            Set.of("gpt-4o", "llama4", "kanana2"));

    /** Names of those that take a whole piece that is a token before they merge, and put BOS first unless a file says no. */
    private static final Set<String> WHOLE_PIECES =
            Set.of("llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "tekken");

    private static final Set<String> BLOOM = Set.of("bloom", "poro-chat", "gpt3-finnish");

    /** Falcon splits by one expression after the other: punctuation, words, numbers of three digits. */
    private static final List<String> FALCON = List.of(
            "[\\p{P}\\$\\+<=>\\^~\\|`]+",
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
            "[0-9][0-9][0-9]");

    /** Names of those that split like GPT-2, which is built into the tokenizers library. */
    private static final Set<String> GPT2 = Set.of("gpt-2", "phi-2", "mpt", "olmo", "exaone4");

    /** Names of those that split off each digit first, and then like GPT-2. */
    private static final Set<String> DIGITS = Set.of("starcoder", "refact", "smollm", "command-r");

    private GgufPreTokenizers() {}

    /** The part of a {@code tokenizer.json}; empty for an unknown name. */
    static Optional<Map<String, Object>> named(String name) {
        if (GPT2.contains(name)) {
            return Optional.of(TokenizerParts.byteLevel(false, true));
        }
        if (name.equals("falcon")) {
            return Optional.of(TokenizerParts.split(FALCON, false));
        }
        if (BLOOM.contains(name)) {
            return Optional.of(
                    TokenizerParts.split(List.of(" ?[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+"), false));
        }
        if (DIGITS.contains(name)) {
            return Optional.of(
                    TokenizerParts.byteLevelBehind(Map.of("type", "Digits", "individual_digits", true), false, true));
        }
        return EXPRESSIONS.entrySet().stream()
                .filter(expression -> expression.getValue().contains(name))
                .map(expression -> TokenizerParts.split(expression.getKey(), false))
                .findFirst();
    }

    /** Whether a piece that is a token stays whole even if no merges lead to it. */
    static boolean keepsWholePieces(String name) {
        return WHOLE_PIECES.contains(name) || name.equals(GLM4);
    }

    /** Whether a text begins with BOS in a file that does not say. */
    static boolean beginsWithBos(String name) {
        return WHOLE_PIECES.contains(name);
    }

    static Set<String> names() {
        return Stream.concat(EXPRESSIONS.values().stream(), Stream.of(GPT2, DIGITS, BLOOM, Set.of("falcon")))
                .flatMap(Set::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
