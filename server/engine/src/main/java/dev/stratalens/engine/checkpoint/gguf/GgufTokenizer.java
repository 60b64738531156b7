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

/** Reads the tokenizer in a GGUF file's keys as the {@code tokenizer.json} that transformers derives from them. */
public final class GgufTokenizer {

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
    private final Map<String, Integer> vocabulary = new LinkedHashMap<>();

    private GgufTokenizer(GgufMetadata metadata) {
        this.metadata = metadata;
        this.kind = metadata.string(KEYS + "model").orElseThrow(() -> metadata.missing(KEYS + "model"));
        this.tokens = metadata.strings(KEYS + "tokens").orElseThrow(() -> metadata.missing(KEYS + "tokens"));
        this.form = GgufTokenizerForm.of(
                        kind, metadata.string("general.architecture").orElse(""))
                .orElseThrow(() -> fault(
                        KEYS + "model",
                        "is \"%s\"; allowed: gpt2, llama. Use the model's original files".formatted(kind)));
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
            vocabulary.put(form.spelling(tokens.get(id)), id);
        }
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

    private Map<String, Object> preTokenizer() {
        String architecture = metadata.string("general.architecture").orElse("");
        String name = metadata.string(KEYS + "pre").orElse(architecture.equals("gpt2") ? "gpt-2" : "");
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
        List<Long> types = metadata.integers(KEYS + "token_type").orElse(List.of());
        for (int id = 0; id < Math.min(types.size(), tokens.size()); id++) {
            long type = types.get(id);
            boolean isOwnSpelling = vocabulary.getOrDefault(tokens.get(id), -1) == id;
            if ((type == CONTROL || type == USER_DEFINED) && isOwnSpelling) {
                special.put(id, type == CONTROL);
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
                "id", id,
                "content", tokens.get(id),
                "single_word", false,
                "lstrip", false,
                "rstrip", false,
                "normalized", false,
                "special", isSpecial))));
        return added;
    }

    private Map<String, Object> postProcessor() {
        return TokenizerParts.around(added("bos", kind.equals("llama")), added("eos", false));
    }

    private Optional<TokenizerParts.Special> added(String role, boolean byDefault) {
        return metadata.bool(KEYS + "add_%s_token".formatted(role)).orElse(byDefault)
                ? id(role + "_token_id").map(id -> new TokenizerParts.Special(tokens.get(id), new JsonPrimitive(id)))
                : Optional.empty();
    }

    private Map<String, String> specialTokens() {
        Map<String, String> special = new HashMap<>();
        NAMED.forEach((name, key) -> id(key).ifPresent(id -> special.put(name, tokens.get(id))));
        return special;
    }

    private Optional<Integer> id(String key) {
        Optional<Integer> id = metadata.integer(KEYS + key);
        if (id.isPresent() && id.orElseThrow() >= tokens.size()) {
            throw fault(
                    KEYS + key,
                    "is %d, but there are %d tokens. Convert the model again"
                            .formatted(id.orElseThrow(), tokens.size()));
        }
        return id;
    }

    private InvalidCheckpointException fault(String key, String what) {
        return InvalidCheckpointException.of(Problem.TOKENIZER, metadata.file(), key, what);
    }
}
