package dev.stratalens.engine.checkpoint.gguf;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.text.TokenizerDefinition;
import dev.stratalens.engine.text.TokenizerParts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the tokenizer in a GGUF file's keys as the {@code tokenizer.json} that transformers derives from them. */
public final class GgufTokenizer {

    private static final Logger LOG = LoggerFactory.getLogger(GgufTokenizer.class);
    private static final String KEYS = "tokenizer.ggml.";
    private static final Map<String, String> NAMED = Map.of(
            "bos_token", "bos_token_id",
            "eos_token", "eos_token_id",
            "unk_token", "unknown_token_id",
            "pad_token", "padding_token_id");
    private static final long CONTROL = 3;
    private static final long USER_DEFINED = 4;

    private final GgufMetadata metadata;
    private final String kind;
    private final List<String> tokens;
    private final GgufTokenizerForm form;
    private final List<Long> types;
    private final Map<String, Integer> vocabulary = new LinkedHashMap<>();

    private GgufTokenizer(GgufMetadata metadata) {
        this.metadata = metadata;
        this.kind = metadata.string(KEYS + "model").orElseThrow(() -> metadata.missing(KEYS + "model"));
        this.tokens = metadata.strings(KEYS + "tokens").orElseThrow(() -> metadata.missing(KEYS + "tokens"));
        this.types = metadata.integers(KEYS + "token_type").orElse(List.of());
        this.form = GgufTokenizerForm.of(
                        kind, metadata.string("general.architecture").orElse(""))
                .orElseThrow(() -> fault(
                        KEYS + "model",
                        "is \"%s\"; allowed: gpt2, llama, gemma4. Use the model's original files".formatted(kind)));
    }

    /**
     * Reads a file's tokenizer.
     *
     * @throws InvalidCheckpointException if it has none, or one of an unsupported kind
     */
    public static TokenizerDefinition read(Path file) {
        return new GgufTokenizer(GgufFile.read(file).metadata()).definition();
    }

    private TokenizerDefinition definition() {
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            boolean isText = form == GgufTokenizerForm.BYTE_LEVEL && isMatchedWhole(id);
            vocabulary.put(isText ? token : form.spelling(token), id);
        }
        warnOfImpossibleIds();
        JsonObject json = new JsonObject();
        json.addProperty("version", "1.0");
        json.add("added_tokens", addedTokens());
        form.addParts(
                json,
                this::preTokenizer,
                metadata.bool(KEYS + "add_space_prefix").orElse(true));
        json.add("post_processor", TokenizerParts.json(postProcessor()));
        json.add("model", model());
        return new TokenizerDefinition(
                metadata.file(),
                json.toString().getBytes(StandardCharsets.UTF_8),
                specialTokens(),
                metadata.string("tokenizer.chat_template")
                        .map(template -> Map.of(TokenizerDefinition.DEFAULT_TEMPLATE, template))
                        .orElse(Map.of()));
    }

    /** Control and user-defined tokens. In a byte-level vocabulary they are text, however the others are spelled. */
    private boolean isMatchedWhole(int id) {
        return id < types.size() && (types.get(id) == CONTROL || types.get(id) == USER_DEFINED);
    }

    private String architecture() {
        return metadata.string("general.architecture").orElse("");
    }

    private String preTokenizerName() {
        return metadata.string(KEYS + "pre").orElse(architecture().equals("gpt2") ? "gpt-2" : "");
    }

    private Map<String, Object> preTokenizer() {
        String name = preTokenizerName();
        return GgufPreTokenizers.named(name)
                .orElseThrow(() -> fault(
                        KEYS + "pre",
                        name.isEmpty()
                                ? "is missing; without it, the splitting of texts is unknown. Convert the model again with a newer llama.cpp"
                                : "is \"%s\", which is unknown (known: %s). Use the model's original files"
                                        .formatted(name, String.join(", ", GgufPreTokenizers.names()))));
    }

    private JsonObject model() {
        JsonObject ids = new JsonObject();
        vocabulary.forEach(ids::addProperty);
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.add("dropout", JsonNull.INSTANCE);
        model.addProperty("fuse_unk", form != GgufTokenizerForm.BYTE_LEVEL);
        model.addProperty("byte_fallback", form != GgufTokenizerForm.BYTE_LEVEL);
        if (form == GgufTokenizerForm.GEMMA && vocabulary.containsKey("<unk>")) {
            model.addProperty("unk_token", "<unk>");
        }
        model.addProperty(
                "ignore_merges",
                form == GgufTokenizerForm.BYTE_LEVEL && GgufPreTokenizers.keepsWholePieces(preTokenizerName()));
        model.add("vocab", ids);
        model.add("merges", merges());
        return model;
    }

    private JsonArray merges() {
        var merges = new JsonArray();
        metadata.strings(KEYS + "merges")
                .ifPresentOrElse(
                        stated -> stated.forEach(merge -> merges.add(merge(merge))),
                        () -> impliedMerges()
                                .forEach(merge -> merges.add(TokenizerParts.merge(merge.left(), merge.right()))));
        return merges;
    }

    private JsonArray merge(String stated) {
        String[] parts = stated.split(" ", -1);
        if (parts.length != 2) {
            throw fault(
                    KEYS + "merges", "holds \"%s\", which is not a pair. Convert the model again".formatted(stated));
        }
        return TokenizerParts.merge(parts[0], parts[1]);
    }

    private List<GgufMerges.Merge> impliedMerges() {
        if (form == GgufTokenizerForm.BYTE_LEVEL) {
            throw metadata.missing(KEYS + "merges");
        }
        if (!GgufMerges.isBounded(vocabulary.keySet())) {
            throw fault(KEYS + "tokens", "has tokens that are too long for a vocabulary. Convert the model again");
        }
        if (form == GgufTokenizerForm.GEMMA) {
            // Gemma's scores are not in the order of its merges; its ids are.
            return GgufMerges.of(vocabulary, piece -> -vocabulary.getOrDefault(piece, 0));
        }
        List<Double> scores = metadata.numbers(KEYS + "scores").orElseThrow(() -> metadata.missing(KEYS + "scores"));
        if (scores.size() != tokens.size() || !scores.stream().allMatch(Double::isFinite)) {
            throw fault(
                    KEYS + "scores",
                    "is not a number for each of %d tokens. Convert the model again".formatted(tokens.size()));
        }
        return GgufMerges.of(vocabulary, piece -> scores.get(vocabulary.getOrDefault(piece, 0)));
    }

    /** Control tokens and tokens with a role are special; user-defined tokens are also matched whole. */
    private JsonArray addedTokens() {
        Map<Integer, Boolean> special = new TreeMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            boolean isOwnSpelling = vocabulary.getOrDefault(tokens.get(id), -1) == id;
            if (isMatchedWhole(id) && isOwnSpelling) {
                special.put(id, types.get(id) == CONTROL);
            }
        }
        for (String token : form.usualSpecialTokens()) {
            Optional.ofNullable(vocabulary.get(token)).ifPresent(id -> special.put(id, true));
        }
        NAMED.values()
                .forEach(key -> id(key).filter(id -> vocabulary.getOrDefault(tokens.get(id), -1) == (int) id)
                        .ifPresent(id -> special.put(id, true)));
        JsonArray added = new JsonArray();
        special.forEach((id, isSpecial) -> added.add(TokenizerParts.json(Map.of(
                "id",
                id,
                "content",
                tokens.get(id),
                "single_word",
                false,
                "lstrip",
                false,
                "rstrip",
                form.swallowsSpaceAfter(tokens.get(id)),
                "normalized",
                false,
                "special",
                isSpecial))));
        return added;
    }

    private Map<String, Object> postProcessor() {
        boolean bos = form != GgufTokenizerForm.BYTE_LEVEL || GgufPreTokenizers.beginsWithBos(preTokenizerName());
        return TokenizerParts.around(added("bos", bos), added("eos", false));
    }

    private Optional<TokenizerParts.Special> added(String role, boolean byDefault) {
        Optional<Boolean> stated = metadata.bool(KEYS + "add_%s_token".formatted(role));
        if (!stated.orElse(byDefault)) {
            return Optional.empty();
        }
        String key = role + "_token_id";
        Optional<Integer> id = id(key);
        if (id.isEmpty() && metadata.values().containsKey(KEYS + key)) {
            throw fault(
                    KEYS + key,
                    "is %s, which begins or ends every text, but there are %d tokens. Convert the model again"
                            .formatted(metadata.values().get(KEYS + key), tokens.size()));
        }
        return id.map(some -> new TokenizerParts.Special(tokens.get(some), new JsonPrimitive(some)));
    }

    private Map<String, String> specialTokens() {
        Map<String, String> special = new HashMap<>();
        NAMED.forEach((name, key) -> id(key).ifPresent(id -> special.put(name, tokens.get(id))));
        return special;
    }

    /** The id in a role. Converters write impossible ids for roles that a model does not have. */
    private Optional<Integer> id(String key) {
        Object value = metadata.values().get(KEYS + key);
        return value instanceof Long id && id >= 0 && id < tokens.size()
                ? Optional.of(id.intValue())
                : Optional.empty();
    }

    private void warnOfImpossibleIds() {
        NAMED.values().stream()
                .filter(key -> metadata.values().containsKey(KEYS + key) && id(key).isEmpty())
                .forEach(key -> LOG.warn(
                        "{}{} is {}, but there are {} tokens; no token has this role",
                        KEYS,
                        key,
                        metadata.values().get(KEYS + key) instanceof Long id ? id : "not a number",
                        tokens.size()));
    }

    private InvalidCheckpointException fault(String key, String what) {
        return InvalidCheckpointException.of(Problem.TOKENIZER, metadata.file(), key, what);
    }
}
