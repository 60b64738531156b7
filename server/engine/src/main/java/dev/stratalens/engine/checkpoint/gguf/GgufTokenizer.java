package dev.stratalens.engine.checkpoint.gguf;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tokenizer in a GGUF file's keys, as the {@code tokenizer.json} that transformers makes of them.
 *
 * @param json that file's text, in UTF-8. Not copied: read-only.
 * @param specialTokens {@code bos_token} and the like, where the file names them
 * @param chatTemplate Jinja, if the file has one
 */
public record GgufTokenizer(byte[] json, Map<String, String> specialTokens, Optional<String> chatTemplate) {

    private static final String KEYS = "tokenizer.ggml.";
    private static final Map<String, String> NAMED = Map.of(
            "bos_token", "bos_token_id",
            "eos_token", "eos_token_id",
            "unk_token", "unknown_token_id",
            "pad_token", "padding_token_id");
    private static final long CONTROL = 3;
    private static final long USER_DEFINED = 4;

    /** Copies the map. */
    public GgufTokenizer {
        specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * Reads a file's tokenizer.
     *
     * @throws InvalidCheckpointException if it has none, or one of a kind that is not read
     */
    public static GgufTokenizer read(Path file) {
        return new Writer(GgufFile.read(file).metadata()).write();
    }

    private static final class Writer {

        private final GgufMetadata metadata;
        private final String kind;
        private final List<String> tokens;
        private final Map<String, Integer> vocabulary = new LinkedHashMap<>();

        Writer(GgufMetadata metadata) {
            this.metadata = metadata;
            this.kind = metadata.string(KEYS + "model").orElseThrow(() -> metadata.missing(KEYS + "model"));
            this.tokens = metadata.strings(KEYS + "tokens").orElseThrow(() -> metadata.missing(KEYS + "tokens"));
        }

        GgufTokenizer write() {
            GgufTokenizerForm form = GgufTokenizerForm.of(
                            kind, metadata.string("general.architecture").orElse(""))
                    .orElseThrow(() -> fault(
                            KEYS + "model",
                            "is \"%s\"; allowed: gpt2, llama. Use the model's original files".formatted(kind)));
            for (int id = 0; id < tokens.size(); id++) {
                vocabulary.put(form.spelling(tokens.get(id)), id);
            }
            JsonObject json = new JsonObject();
            json.addProperty("version", "1.0");
            json.add("added_tokens", addedTokens(form));
            form.addParts(
                    json,
                    this::preTokenizer,
                    metadata.bool(KEYS + "add_space_prefix").orElse(true));
            json.add("post_processor", postProcessor());
            json.add("model", model(form));
            return new GgufTokenizer(
                    json.toString().getBytes(StandardCharsets.UTF_8),
                    specialTokens(),
                    metadata.string("tokenizer.chat_template"));
        }

        private JsonObject preTokenizer() {
            String architecture = metadata.string("general.architecture").orElse("");
            String name = metadata.string(KEYS + "pre").orElse(architecture.equals("gpt2") ? "gpt-2" : "");
            return GgufPreTokenizers.named(name)
                    .orElseThrow(() -> fault(
                            KEYS + "pre",
                            name.isEmpty()
                                    ? "is missing, so that nobody knows how texts are cut up. Convert the model again with a newer llama.cpp"
                                    : "is \"%s\", which is not known (known: %s). Use the model's original files"
                                            .formatted(name, String.join(", ", GgufPreTokenizers.names()))));
        }

        private JsonObject model(GgufTokenizerForm form) {
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
            model.add("merges", merges(form));
            return model;
        }

        private JsonArray merges(GgufTokenizerForm form) {
            JsonArray merges = new JsonArray();
            Optional<List<String>> stated = metadata.strings(KEYS + "merges");
            for (String merge : stated.orElse(List.of())) {
                String[] parts = merge.split(" ", -1);
                if (parts.length != 2) {
                    throw fault(
                            KEYS + "merges",
                            "holds \"%s\", which is no pair. Convert the model again".formatted(merge));
                }
                merges.add(pair(parts[0], parts[1]));
            }
            if (stated.isEmpty()) {
                impliedMerges(form).forEach(merge -> merges.add(pair(merge.left(), merge.right())));
            }
            return merges;
        }

        private List<GgufMerges.Merge> impliedMerges(GgufTokenizerForm form) {
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
            List<Double> scores =
                    metadata.numbers(KEYS + "scores").orElseThrow(() -> metadata.missing(KEYS + "scores"));
            if (scores.size() != tokens.size() || !scores.stream().allMatch(Double::isFinite)) {
                throw fault(
                        KEYS + "scores",
                        "is not a number for each of %d tokens. Convert the model again".formatted(tokens.size()));
            }
            return GgufMerges.of(vocabulary, piece -> scores.get(vocabulary.getOrDefault(piece, 0)));
        }

        private static JsonArray pair(String left, String right) {
            JsonArray pair = new JsonArray();
            pair.add(left);
            pair.add(right);
            return pair;
        }

        /** Control tokens and those with a role are special; those that a user defined are matched whole, too. */
        private JsonArray addedTokens(GgufTokenizerForm form) {
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
            special.forEach((id, isSpecial) -> {
                JsonObject token = new JsonObject();
                token.addProperty("id", id);
                token.addProperty("content", tokens.get(id));
                for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                    token.addProperty(flag, false);
                }
                token.addProperty("special", isSpecial);
                added.add(token);
            });
            return added;
        }

        private JsonObject postProcessor() {
            JsonArray single = new JsonArray();
            JsonObject declared = new JsonObject();
            boolean beginsByDefault = kind.equals("llama");
            if (metadata.bool(KEYS + "add_bos_token").orElse(beginsByDefault)) {
                id("bos_token_id").ifPresent(id -> addSpecial(single, declared, id));
            }
            single.add(piece("Sequence", "A"));
            if (metadata.bool(KEYS + "add_eos_token").orElse(false)) {
                id("eos_token_id").ifPresent(id -> addSpecial(single, declared, id));
            }
            JsonArray pair = single.deepCopy();
            pair.add(piece("Sequence", "B"));
            JsonObject template = new JsonObject();
            template.addProperty("type", "TemplateProcessing");
            template.add("single", single);
            template.add("pair", pair);
            template.add("special_tokens", declared);
            return template;
        }

        private void addSpecial(JsonArray single, JsonObject declared, int id) {
            String text = tokens.get(id);
            single.add(piece("SpecialToken", text));
            JsonArray ids = new JsonArray();
            ids.add(id);
            JsonArray texts = new JsonArray();
            texts.add(text);
            JsonObject token = new JsonObject();
            token.addProperty("id", text);
            token.add("ids", ids);
            token.add("tokens", texts);
            declared.add(text, token);
        }

        private static JsonObject piece(String type, String id) {
            JsonObject named = new JsonObject();
            named.addProperty("id", id);
            named.addProperty("type_id", 0);
            JsonObject piece = new JsonObject();
            piece.add(type, named);
            return piece;
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
            return new InvalidCheckpointException(
                    Problem.TOKENIZER,
                    metadata.file(),
                    List.of(key),
                    "%s: %s %s.".formatted(metadata.file(), key, what));
        }
    }
}
