package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.text.TokenizerParts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * GGUF's named pre-tokenizers, which split a text before byte-level BPE merges within the pieces. The expressions are those of the
 * original tokenizers, some of which llama.cpp writes in another way.
 */
final class GgufPreTokenizers {

    private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String WORD = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    private static final String SIGNS = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
    private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String GPT2_WORDS =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
    private static final String BLOOM_WORDS = " ?[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+";
    private static final String HAN_AND_KANA = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+";

    /** Words of capitals before small letters, with something behind them. */
    private static String cases(String without, String behind) {
        String capitals = "\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}" + without;
        String small = "\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}" + without;
        String before = "[^\\r\\n\\p{L}\\p{N}]?";
        return before + "[" + capitals + "]*[" + small + "]+" + behind + "|" + before + "[" + capitals + "]+[" + small
                + "]*" + behind;
    }

    private static String casesAndSigns(String behind, String number) {
        return cases("", behind) + "|" + number + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + SPACES;
    }

    private static final String DEEPSEEK_WORDS =
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                    + "| ?[\\p{P}\\p{S}]+[\\r\\n]*" + SPACES;

    /** Expressions of words, one after the other: each splits what the ones before it left. */
    private static final Map<List<String>, Set<String>> EXPRESSIONS = new LinkedHashMap<>();

    static {
        put(List.of(TokenizerParts.words("\\p{N}{1,3}")), "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1");
        put(List.of(TokenizerParts.words("\\p{N}{1,3}")), "pixtral", "midm-2.0", "lfm2", "dbrx", "smaug-bpe");
        put(List.of(TokenizerParts.words("\\p{N}{1,3}")), "chatglm-bpe", "glm4", "glm5");
        put(List.of(TokenizerParts.words("\\p{N}")), "qwen2", "deepseek-r1-qwen", "stablelm2", "kormo", "megrez");
        put(List.of(TokenizerParts.words("\\p{N}")), "f2llmv2", "hunyuan", "solar-open", "grok-2");
        put(
                List.of(CONTRACTION + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*" + SPACES),
                "qwen35");
        put(List.of("[^\\n]+|[\\n]+", TokenizerParts.words("\\p{N}")), "laguna");
        put(List.of("\\p{N}{1,3}", TokenizerParts.words("\\p{N}+")), "minicpm5");
        put(List.of(CONTRACTION + "|" + WORD + "|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+" + SPACES), "seed-coder");
        put(
                List.of("'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
                        + "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
                "bailingmoe",
                "bailingmoe2",
                "llada-moe");
        put(
                List.of(CONTRACTION + "|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
                "exaone-moe");
        put(
                List.of(CONTRACTION + "|" + WORD + "|\\p{N}{1,3}" + SIGNS + "|\\s*[\\r\\n]+"
                        + Stream.of("512", "256", "128", "64", "32", "16", "8", "4", "1,2")
                                .map("|\\s{%s}(?!\\S)"::formatted)
                                .collect(Collectors.joining())
                        + "|\\s{1}"),
                "jais-2");
        put(List.of(casesAndSigns("", "\\p{N}")), "tekken");
        put(List.of(casesAndSigns(CONTRACTION + "?", "\\p{N}{1,3}")), "gpt-4o", "llama4", "kanana2", "talkie");
        put(List.of(casesAndSigns(CONTRACTION + "?", "\\p{N}{1,3}")), "minimax-m2");
        put(
                List.of("\\d{1,3}(?=(?:\\d{3})*\\b)", casesAndSigns(CONTRACTION + "?", "\\p{N}{1,3}")),
                "tiny_aya",
                "cohere2moe");
        put(
                List.of("[\\p{Han}]+|" + cases("&&[^\\p{Han}]", CONTRACTION + "?") + "|\\p{N}{1,3}" + SIGNS + SPACES),
                "kimi-k2");
        put(List.of("\\p{N}{1,3}", HAN_AND_KANA, DEEPSEEK_WORDS), "deepseek-v3", "hunyuan-dense", "joyai-llm");
        put(
                List.of(
                        "[\\r\\n]",
                        "\\s?\\p{L}+",
                        "\\s?\\p{P}+",
                        "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+",
                        "\\p{N}"),
                "deepseek-coder");
        put(List.of(BLOOM_WORDS), "bloom", "poro-chat", "gpt3-finnish");
        put(List.of(BLOOM_WORDS, "\\p{N}"), "viking");
        put(List.of("[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT2_WORDS, "[0-9][0-9][0-9]"), "falcon");
    }

    /** Names of those that take a whole piece that is a token before they merge, and put BOS first unless a file says no. */
    private static final Set<String> WHOLE_PIECES_BEHIND_BOS =
            Set.of("llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "tekken");

    /** Names of the others that take a whole piece that is a token. */
    private static final Set<String> WHOLE_PIECES = Set.of("glm4", "glm5", "minicpm5");

    /** Names of those that split like GPT-2, which is built into the tokenizers library. */
    private static final Set<String> GPT2 = Set.of(
            "gpt-2",
            "phi-2",
            "mpt",
            "olmo",
            "exaone4",
            "jais",
            "trillion",
            "granite-docling",
            "gigachat",
            "a.x-4.0",
            "mellum");

    /** Names of those that split off each digit first, and then like GPT-2. */
    private static final Set<String> DIGITS =
            Set.of("starcoder", "refact", "smollm", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2");

    private GgufPreTokenizers() {}

    private static void put(List<String> expressions, String... names) {
        EXPRESSIONS.computeIfAbsent(expressions, key -> new TreeSet<>()).addAll(List.of(names));
    }

    /** The part of a {@code tokenizer.json}; empty for an unknown name. */
    static Optional<Map<String, Object>> named(String name) {
        if (GPT2.contains(name)) {
            return Optional.of(TokenizerParts.byteLevel(false, true));
        }
        if (DIGITS.contains(name)) {
            return Optional.of(
                    TokenizerParts.byteLevelBehind(Map.of("type", "Digits", "individual_digits", true), false, true));
        }
        return EXPRESSIONS.entrySet().stream()
                .filter(expressions -> expressions.getValue().contains(name))
                .map(expressions -> TokenizerParts.split(expressions.getKey(), false))
                .findFirst();
    }

    /** Whether a piece that is a token stays whole even if no merges lead to it. */
    static boolean keepsWholePieces(String name) {
        return WHOLE_PIECES_BEHIND_BOS.contains(name) || WHOLE_PIECES.contains(name);
    }

    /** Whether a text begins with BOS in a file that does not say. */
    static boolean beginsWithBos(String name) {
        return WHOLE_PIECES_BEHIND_BOS.contains(name);
    }

    static Set<String> names() {
        return Stream.concat(EXPRESSIONS.values().stream(), Stream.of(GPT2, DIGITS))
                .flatMap(Set::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
