package dev.stratalens.server.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a repository a model consists of. */
final class ModelFiles {

    static final String CONFIG = "config.json";
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    /** Read where present; small. */
    private static final List<String> DESCRIPTIONS = List.of(
            CONFIG,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja");

    /** One of these sets makes a tokenizer. */
    private static final List<Set<String>> TOKENIZERS =
            List.of(Set.of("tokenizer.json"), Set.of("vocab.json", "merges.txt"));

    private ModelFiles() {}

    /**
     * The files to begin with: all of the model, or all but the shards that its index names.
     *
     * @param present the names that the repository has
     * @throws ModelSourceException if there is no configuration, or no weights that are read
     */
    static List<String> first(HubModel model, Collection<String> present) {
        if (!present.contains(CONFIG)) {
            throw unusable(model, "has no config.json, so it is no transformers model%s".formatted(ggufHint(present)));
        }
        if (!present.contains(SINGLE) && !present.contains(INDEX)) {
            boolean pickled = present.stream().anyMatch(name -> name.matches("[^/]*\\.(bin|pt|pth)"));
            throw unusable(
                    model,
                    pickled
                            ? "has only pickled weights, which can run code and are never opened. Look for a revision with"
                                    + " safetensors (often refs/pr/N), or convert the model: python -c \"from transformers"
                                    + " import AutoModelForCausalLM as M; M.from_pretrained('%s').save_pretrained('DIR')\""
                                            .formatted(model.repository())
                            : "has neither %s nor %s%s".formatted(SINGLE, INDEX, ggufHint(present)));
        }
        Set<String> files = new TreeSet<>(DESCRIPTIONS);
        files.add(present.contains(SINGLE) ? SINGLE : INDEX);
        files.retainAll(present);
        return List.copyOf(files);
    }

    private static String ggufHint(Collection<String> present) {
        return present.stream()
                .filter(name -> name.endsWith(".gguf"))
                .findFirst()
                .map(name -> ". Of its GGUF files, download one (%s) and name that: --model FILE.gguf.".formatted(name))
                .orElse(". Name another repository.");
    }

    private static ModelSourceException unusable(HubModel model, String what) {
        return new ModelSourceException(Problem.UNUSABLE, "%s %s".formatted(model, what));
    }

    /**
     * The shards that the index of a directory names; none for a model in one file.
     *
     * @throws ModelSourceException if the index cannot be understood
     */
    static List<String> shards(HubModel model, Path directory) throws IOException {
        Path index = directory.resolve(INDEX);
        if (Files.exists(directory.resolve(SINGLE)) || !Files.exists(index)) {
            return List.of();
        }
        try {
            if (JsonParser.parseString(Files.readString(index)) instanceof JsonObject root
                    && root.get("weight_map") instanceof JsonObject map
                    && map.asMap().values().stream().allMatch(ModelFiles::isShard)) {
                return map.asMap().values().stream()
                        .map(JsonElement::getAsString)
                        .distinct()
                        .sorted()
                        .toList();
            }
        } catch (JsonParseException | CharacterCodingException malformed) {
            // Refused below.
        }
        throw unusable(model, "has a %s that does not say which files hold the weights.".formatted(INDEX));
    }

    private static boolean isShard(JsonElement name) {
        return name instanceof JsonPrimitive && name.getAsString().matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors");
    }

    /** Whether a snapshot's directory has all that is needed to load the model; links to nothing do not count. */
    static boolean areComplete(HubModel model, Path directory) {
        try {
            return Files.isRegularFile(directory.resolve(CONFIG))
                    && TOKENIZERS.stream().anyMatch(set -> haveAll(directory, set))
                    && (Files.isRegularFile(directory.resolve(SINGLE))
                            || (Files.isRegularFile(directory.resolve(INDEX))
                                    && haveAll(directory, shards(model, directory))));
        } catch (IOException | ModelSourceException unreadable) {
            return false;
        }
    }

    private static boolean haveAll(Path directory, Collection<String> names) {
        return names.stream().allMatch(name -> Files.isRegularFile(directory.resolve(name)));
    }
}
