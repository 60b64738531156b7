package dev.stratalens.engine.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The form of a byte-level BPE tokenizer before {@code tokenizer.json}: {@code vocab.json} and {@code merges.txt}, of which
 * this makes what the class named in {@code tokenizer_config.json} makes in transformers.
 */
final class VocabularyAndMerges {

    static final String VOCABULARY = "vocab.json";
    static final String MERGES = "merges.txt";

    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final String GPT2_CLASS = "GPT2Tokenizer";
    private static final String GPT_NEOX_CLASS = "GPTNeoXTokenizer";
    private static final String QWEN2_CLASS = "Qwen2Tokenizer";
    private static final List<String> CLASSES = List.of(GPT2_CLASS, "CodeGenTokenizer", GPT_NEOX_CLASS, QWEN2_CLASS);

    private static final String NFC = "{\"type\": \"NFC\"}";
    private static final String BYTES = """
            {"type": "ByteLevel", "add_prefix_space": %b, "trim_offsets": true, "use_regex": true}""";
    private static final String QWEN2_WORDS = """
            {"type": "Sequence", "pretokenizers": [
              {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex":
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"}},
              {"type": "ByteLevel", "add_prefix_space": %b, "trim_offsets": true, "use_regex": false}]}""";

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
                    "names the tokenizer class %s, of which vocab.json and merges.txt do not say all; these classes are known: %s. Else convert with: %s"
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
        tokenizer.add("normalizer", composes ? JsonParser.parseString(NFC) : JsonNull.INSTANCE);
        tokenizer.add(
                "pre_tokenizer",
                JsonParser.parseString(
                        (splitsAsQwen2 ? QWEN2_WORDS : BYTES).formatted(settings.isSet("add_prefix_space"))));
        tokenizer.add("post_processor", template(ids));
        tokenizer.add("decoder", JsonParser.parseString(BYTES.formatted(true)));
        tokenizer.add("model", model(vocabulary));
        return tokenizer;
    }

    /** What the class assumes where the files are silent. */
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
        JsonArray merges = new JsonArray();
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
            JsonArray merge = new JsonArray();
            merge.add(pair[0]);
            merge.add(pair[1]);
            merges.add(merge);
        }
        return merges;
    }

    /** The tokens around a text: here, unlike beside a tokenizer.json, the settings decide. */
    private JsonObject template(Map<String, JsonElement> ids) {
        JsonArray single = new JsonArray();
        JsonObject declared = new JsonObject();
        addToken("bos_token", single, declared, ids);
        single.add(JsonParser.parseString("{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}"));
        addToken("eos_token", single, declared, ids);
        JsonObject template = new JsonObject();
        template.addProperty("type", "TemplateProcessing");
        template.add("single", single);
        template.add("pair", new JsonArray());
        template.add("special_tokens", declared);
        return template;
    }

    private void addToken(String name, JsonArray single, JsonObject declared, Map<String, JsonElement> ids) {
        if (!settings.isSet("add_" + name)) {
            return;
        }
        settings.specialToken(name).ifPresent(content -> {
            JsonObject piece = new JsonObject();
            piece.addProperty("id", content);
            piece.addProperty("type_id", 0);
            JsonObject element = new JsonObject();
            element.add("SpecialToken", piece);
            single.add(element);
            JsonObject token = new JsonObject();
            token.addProperty("id", content);
            JsonArray tokenIds = new JsonArray();
            tokenIds.add(ids.get(content));
            token.add("ids", tokenIds);
            JsonArray tokens = new JsonArray();
            tokens.add(content);
            token.add("tokens", tokens);
            declared.add(content, token);
        });
    }
}
