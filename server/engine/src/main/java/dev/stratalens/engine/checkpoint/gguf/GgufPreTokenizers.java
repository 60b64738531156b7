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
 * original tokenizers, some of which llama.cpp writes in another way. "default" has no original, and those of afmoe, superbpe and youtu
 * are not known here: these four split as llama.cpp does.
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

    /** Letters with two cases, in the Unicode of that model's time. */
    private static final String CASED_LETTERS =
            "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af"
                    + "\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5"
                    + "\u03f7-\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba"
                    + "\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45"
                    + "\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe"
                    + "\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc"
                    + "\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134\u2139"
                    + "\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3"
                    + "\ua640-\ua66d\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06"
                    + "\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a\ud801\udc00-\ud801\udc4f\ud801\udcb0-\ud801\udcd3\ud801"
                    + "\udcd8-\ud801\udcfb\ud803\udc80-\ud803\udcb2\ud803\udcc0-\ud803\udcf2\ud806\udca0-\ud806\udcdf"
                    + "\ud83a\udd00-\ud83a\udd43";

    /** Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese. */
    private static final String ASIAN_LETTERS =
            "\u4e00-\u9fff\u3400-\u4dbf\u8c48-\ufaff\u3040-\u309f\u30a0-\u30ff\uff65-\uff9f\u2f00-\u2fdf"
                    + "\u0e40-\u0e7f\u0e80-\u0eff\u1780-\u17ff\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff\uac00-\ud7af"
                    + "\u1100-\u11ff";

    /** Korean; marks of Chinese and Japanese; Bopomofo. */
    private static final String KOREAN_OR_MARKS =
            "[\uac00-\ud7a3\u3131-\u318e]+|[\uff01\u2026\u201c\u201d\u2018\u2019\u2014\uff1a\uff1b\uff0c"
                    + "\u3001-\u303f\ufe30-\ufe4f]+|[\u3105-\u312f]+";

    private static final String FULL_WIDTH_SIGNS = "!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002";

    /** Places behind a digit: before groups of three from the right, and where digits end. */
    private static final String BETWEEN_GROUPS_OF_DIGITS = "(?<=\\p{N})(?:(?=(?:\\p{N}{3})+(?!\\p{N}))|(?!\\p{N}))";

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
        put(List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", GPT2_WORDS, "\\p{N}+", "[0-9][0-9][0-9]"), "default");
        put(
                List.of(
                        "[\\r\\n]",
                        "\\s?[" + CASED_LETTERS + "]+",
                        "\\s?[" + FULL_WIDTH_SIGNS + "]+",
                        "\\s+$",
                        "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+",
                        "\\p{N}"),
                "deepseek-llm");
        put(List.of(BETWEEN_GROUPS_OF_DIGITS, "[" + ASIAN_LETTERS + "]+", DEEPSEEK_WORDS), "afmoe");
        put(List.of(KOREAN_OR_MARKS + "|" + HAN_AND_KANA, casesAndSigns(CONTRACTION + "?", "\\p{N}")), "youtu");
        put(List.of("\\p{N}+", "(?=(\\d{3})+(?!\\d))"), "superbpe");
    }

    /** Names of those that take a whole piece that is a token before they merge, and put BOS first unless a file says no. */
    private static final Set<String> WHOLE_PIECES_BEHIND_BOS =
            Set.of("llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "tekken");

    /** Names of the others that take a whole piece that is a token. */
    private static final Set<String> WHOLE_PIECES = Set.of("glm4", "glm5", "minicpm5", "youtu");

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
            return Optional.of(TokenizerParts.byteLevel(false));
        }
        if (DIGITS.contains(name)) {
            return Optional.of(TokenizerParts.sequence(
                    "pretokenizers",
                    List.of(Map.of("type", "Digits", "individual_digits", true), TokenizerParts.byteLevel(false))));
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
