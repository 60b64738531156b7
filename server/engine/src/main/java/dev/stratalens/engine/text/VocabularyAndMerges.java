package dev.stratalens.engine.text;

import static java.util.Objects.requireNonNull;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The form of a byte-level BPE tokenizer before {@code tokenizer.json}: {@code vocab.json} and {@code merges.txt}. This
 * class builds the same tokenizer as the class of transformers that {@code tokenizer_config.json} names.
 */
final class VocabularyAndMerges {

    static final String VOCABULARY = "vocab.json";
    static final String MERGES = "merges.txt";

    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final String GPT2_CLASS = "GPT2Tokenizer";
    private static final String GPT_NEOX_CLASS = "GPTNeoXTokenizer";
    private static final String QWEN2_CLASS = "Qwen2Tokenizer";
    private static final List<String> CLASSES = List.of(GPT2_CLASS, "CodeGenTokenizer", GPT_NEOX_CLASS, QWEN2_CLASS);

    private final DirectoryFiles files;
    private final TokenizerSettings settings;
    private final String className;

    private VocabularyAndMerges(DirectoryFiles files, TokenizerSettings settings) {
        this.files = files;
        this.settings = settings;
        this.className = className(files, settings);
    }

    static byte[] asTokenizerJson(DirectoryFiles files, TokenizerSettings settings) {
        return new VocabularyAndMerges(files, settings).tokenizer().toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String className(DirectoryFiles files, TokenizerSettings settings) {
        String named = settings.className();
        if (named.isEmpty() || named.equals("PreTrainedTokenizer")) {
            String family = files.object("config.json").get("model_type") instanceof JsonPrimitive type
                    ? type.getAsString()
                    : "";
            return family.startsWith("qwen")
                    ? QWEN2_CLASS
                    : List.of("gpt_neox", "olmo", "olmoe").contains(family) ? GPT_NEOX_CLASS : GPT2_CLASS;
        }
        if (!CLASSES.contains(named)) {
            throw TokenizerDefinition.fault(
                    TokenizerSettings.CONFIG,
                    "names the tokenizer class %s, which vocab.json and merges.txt do not define fully. Known classes: %s. For another class, convert with: %s"
                            .formatted(named, String.join(", ", CLASSES), TokenizerDirectory.CONVERSION));
        }
        return named;
    }

    private JsonObject tokenizer() {
        setDefaultTokens();
        JsonObject vocabulary = files.object(VOCABULARY);
        JsonArray added = new JsonArray();
        Map<String, JsonElement> ids = vocabulary.deepCopy().asMap();
        int next = vocabulary.size();
        for (JsonObject token : settings.addedTokens()) {
            String content = TokenizerSettings.content(token);
            if (!ids.containsKey(content)) {
                ids.put(content, new JsonPrimitive(next++));
            }
            token.add("id", ids.get(content));
            added.add(token);
        }
        boolean splitsAsQwen2 = className.equals(QWEN2_CLASS);
        boolean composes = splitsAsQwen2 || className.equals(GPT_NEOX_CLASS);
        JsonObject tokenizer = new JsonObject();
        tokenizer.addProperty("version", "1.0");
        tokenizer.add("added_tokens", added);
        tokenizer.add("normalizer", composes ? TokenizerParts.json(Map.of("type", "NFC")) : JsonNull.INSTANCE);
        boolean spaceBefore = settings.isSet("add_prefix_space");
        tokenizer.add(
                "pre_tokenizer",
                TokenizerParts.json(
                        splitsAsQwen2
                                ? TokenizerParts.split(TokenizerParts.words("\\p{N}"), spaceBefore)
                                : TokenizerParts.byteLevel(spaceBefore)));
        // Here, unlike with a tokenizer.json, the settings decide which tokens are added to a text.
        tokenizer.add(
                "post_processor",
                TokenizerParts.json(TokenizerParts.around(added("bos_token", ids), added("eos_token", ids))));
        tokenizer.add("decoder", TokenizerParts.json(TokenizerParts.byteLevel(true)));
        tokenizer.add("model", model(vocabulary));
        return tokenizer;
    }

    /** Defaults of the class for missing keys. */
    private void setDefaultTokens() {
        if (className.equals(QWEN2_CLASS)) {
            settings.setDefault("pad_token", END_OF_TEXT);
        } else {
            settings.setDefault("bos_token", END_OF_TEXT);
        }
        if (className.equals(GPT_NEOX_CLASS)) {
            settings.setDefault("pad_token", "<|padding|>");
        }
        settings.setDefault("eos_token", END_OF_TEXT);
        settings.setDefault("unk_token", END_OF_TEXT);
    }

    private JsonObject model(JsonObject vocabulary) {
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.add("vocab", vocabulary);
        model.add("merges", merges());
        return model;
    }

    private JsonArray merges() {
        var merges = new JsonArray();
        int number = 0;
        for (String line : files.text(MERGES).lines().toList()) {
            number++;
            if (line.startsWith("#version")) {
                continue;
            }
            String[] pair = line.split(" ", -1);
            if (pair.length != 2) {
                throw TokenizerDefinition.fault(
                        MERGES, "has no two pieces in line %d. Download it again".formatted(number));
            }
            merges.add(TokenizerParts.merge(pair[0], pair[1]));
        }
        return merges;
    }

    private Optional<TokenizerParts.Special> added(String name, Map<String, JsonElement> ids) {
        return settings.isSet("add_" + name)
                ? settings.specialToken(name)
                        .map(content -> new TokenizerParts.Special(content, requireNonNull(ids.get(content))))
                : Optional.empty();
    }
}
