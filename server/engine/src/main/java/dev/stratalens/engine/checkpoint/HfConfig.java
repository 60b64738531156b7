package dev.stratalens.engine.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.text.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@code config.json} of transformers. Files omit keys with the class default, so the caller supplies it. A null
 * value counts as absent. Getters take the standard name of a size and also find the name of each family; contradicting
 * names are refused. Immutable.
 *
 * <p>Every getter throws {@link InvalidCheckpointException} with the key, the value and what is allowed.
 */
public final class HfConfig {

    /** Largest accepted size; above every vocabulary and context in use. */
    public static final int MAXIMUM_SIZE = 1 << 24;

    /** Not a key of transformers: whether each expert has its gate and its up in tensors of their own. */
    public static final String EXPERTS_APART = "experts_apart";

    private static final String FILE = "config.json";
    private static final String TEXT_CONFIG = "text_config";

    /** Names that families use in place of a standard name. */
    private static final Map<String, List<String>> ALIASES = Map.of(
            "num_hidden_layers", List.of("n_layer", "n_layers", "num_layers"),
            "hidden_size", List.of("n_embd", "n_embed", "d_model"),
            "num_attention_heads", List.of("n_head", "n_heads", "num_heads", "attention_heads"),
            "max_position_embeddings", List.of("n_positions", "max_seq_len"),
            "intermediate_size", List.of("n_inner", "ffn_hidden_size", "ffn_dim"),
            "num_local_experts", List.of("num_experts", "n_routed_experts", "moe_num_experts"),
            "mamba_n_heads", List.of("n_mamba_heads"),
            "mamba_n_groups", List.of("mamba_ngroups"),
            "num_experts_per_tok", List.of("moe_k", "moe_topk", "num_experts_per_token"));

    private final JsonObject json;
    private final JsonObject outer;
    private final String prefix;

    private HfConfig(JsonObject json, JsonObject outer, String prefix) {
        this.json = json;
        this.outer = outer;
        this.prefix = prefix;
    }

    /**
     * Parses a configuration. If it wraps a text model, the getters read the part of that model.
     *
     * @throws InvalidCheckpointException if this is not a JSON object
     */
    public static HfConfig parse(String text) {
        JsonObject outer = JsonFile.object(Problem.CONFIGURATION, FILE, text);
        return outer.get(TEXT_CONFIG) instanceof JsonObject wrapped
                ? new HfConfig(wrapped, outer, TEXT_CONFIG + ".")
                : new HfConfig(outer, outer, "");
    }

    /** The top level of the file: the wrapper of a text model, else this. */
    public HfConfig outer() {
        return new HfConfig(outer, outer, "");
    }

    /** The family, {@code model_type} of the whole file. */
    public String modelType() {
        return outer().string("model_type");
    }

    /** Whether the key, or one of its family's names, has a value other than null. */
    public boolean has(String key) {
        return find(key, element -> element).isPresent();
    }

    /** Keys with a value, in order. */
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        json.entrySet().stream()
                .filter(entry -> !entry.getValue().isJsonNull())
                .forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }

    /** A size or count, 1 .. 16,777,216. */
    public int integer(String key) {
        return optionalInteger(key).orElseThrow(() -> missing(key));
    }

    /** A size or count, 1 .. 16,777,216, or the default. */
    public int integer(String key, int classDefault) {
        return optionalInteger(key).orElse(classDefault);
    }

    /** A size or count, 1 .. 16,777,216. */
    public OptionalInt optionalInteger(String key) {
        return find(key, element -> size(key, element)).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** A finite number. */
    public double number(String key) {
        return optionalNumber(key).orElseThrow(() -> missing(key));
    }

    /** A finite number, or the default. */
    public double number(String key, double classDefault) {
        return optionalNumber(key).orElse(classDefault);
    }

    /** A finite number. */
    public Optional<Double> optionalNumber(String key) {
        return find(key, element -> finite(key, element));
    }

    /** A truth value, or the default. */
    public boolean bool(String key, boolean classDefault) {
        return find(key, element -> {
                    if (element instanceof JsonPrimitive primitive && primitive.isBoolean()) {
                        return primitive.getAsBoolean();
                    }
                    throw invalid(key, element, "true or false");
                })
                .orElse(classDefault);
    }

    /** A text. */
    public String string(String key) {
        return optionalString(key).orElseThrow(() -> missing(key));
    }

    /** A text, or the default. */
    public String string(String key, String classDefault) {
        return optionalString(key).orElse(classDefault);
    }

    /** A text. */
    public Optional<String> optionalString(String key) {
        return find(key, element -> text(key, element, "a text"));
    }

    /** The same with sizes for keys that it lacks. */
    public HfConfig withDefaults(Map<String, Integer> sizes) {
        JsonObject all = json.deepCopy();
        sizes.forEach((key, size) -> {
            if (!names(key)) {
                all.addProperty(key, size);
            }
        });
        return new HfConfig(all, outer, prefix);
    }

    /**
     * The same with the values of some keys under the names that the family usually has for them.
     *
     * @param usual the usual name by another one
     * @throws InvalidCheckpointException if a file has both names with different values
     */
    public HfConfig withUsualNames(Map<String, String> usual) {
        JsonObject all = json.deepCopy();
        usual.forEach((other, name) -> value(other).ifPresent(found -> {
            value(name).filter(present -> !present.equals(found)).ifPresent(present -> {
                throw mistake(name, "is %s, but %s is %s".formatted(present, other, found));
            });
            all.add(name, found);
        }));
        return new HfConfig(all, outer, prefix);
    }

    /** Whether the file has the key, even with null. */
    public boolean names(String key) {
        return json.has(key) || ALIASES.getOrDefault(key, List.of()).stream().anyMatch(json::has);
    }

    /** Whether the file has the key with null. */
    public boolean isNull(String key) {
        return names(key) && !has(key);
    }

    /** Whether the value is {@code true}. */
    public boolean isTrue(String key) {
        return find(key, new JsonPrimitive(true)::equals).orElse(false);
    }

    /** Whether the value is a text. */
    public boolean isText(String key) {
        return find(key, HfConfig::isText).orElse(false);
    }

    /** Whether the value is a list. */
    public boolean isList(String key) {
        return find(key, JsonArray.class::isInstance).orElse(false);
    }

    /** A count that may be 0, or the default. */
    public int integerOrZero(String key, int classDefault) {
        return find(key, element -> number(element) == 0 ? 0 : size(key, element))
                .orElse(classDefault);
    }

    /** A size, or a list with the same size for every block. */
    public int sameEverywhere(String key, int classDefault) {
        return find(key, element -> {
                    if (element instanceof JsonArray array) {
                        Set<JsonElement> sizes = Set.copyOf(array.asList());
                        if (sizes.size() != 1) {
                            throw invalid(key, element, "the same number for every block");
                        }
                        return size(key, sizes.iterator().next());
                    }
                    return size(key, element);
                })
                .orElse(classDefault);
    }

    /** A list of finite numbers. */
    public List<Double> numbers(String key) {
        return optionalNumbers(key).orElseThrow(() -> missing(key));
    }

    /** A list of finite numbers. */
    public Optional<List<Double>> optionalNumbers(String key) {
        return list(key, element -> finite(key, element));
    }

    /** A list of numbers, which may be infinite in either spelling: Python's word or the object of transformers 5. */
    public Optional<List<Double>> numbersOrInfinity(String key) {
        return list(key, element -> {
            JsonElement value = element instanceof JsonObject object ? object.get("__float__") : element;
            double number =
                    value != null && isText(value) && value.getAsString().equals("Infinity")
                            ? Double.POSITIVE_INFINITY
                            : number(value);
            if (Double.isNaN(number)) {
                throw invalid(key, element, "a number");
            }
            return number;
        });
    }

    /** A list of texts. */
    public Optional<List<String>> optionalStrings(String key) {
        return list(key, element -> text(key, element, "a list of texts"));
    }

    /** GPT-Neo's {@code [[[text, ...], count], ...]}: each list of texts, repeated count times. */
    public Optional<List<String>> repeatedStrings(String key) {
        return find(key, element -> {
            try {
                var texts = new ArrayList<String>();
                for (JsonElement pair : element.getAsJsonArray()) {
                    int count = size(key, pair.getAsJsonArray().get(1));
                    for (int i = 0; i < count; i++) {
                        pair.getAsJsonArray().get(0).getAsJsonArray().forEach(text -> texts.add(text.getAsString()));
                    }
                }
                return List.copyOf(texts);
            } catch (IllegalStateException | IndexOutOfBoundsException e) {
                throw invalid(key, element, "pairs of a list of texts and a count");
            }
        });
    }

    private <T> Optional<List<T>> list(String key, Function<JsonElement, T> convert) {
        return find(key, element -> {
            if (element instanceof JsonArray array) {
                return array.asList().stream().map(convert).toList();
            }
            throw invalid(key, element, "a list");
        });
    }

    /** A nested object; the errors of its getters name the whole path. */
    public Optional<HfConfig> object(String key) {
        return find(key, element -> {
            if (element instanceof JsonObject object) {
                return new HfConfig(object, outer, prefix + key + ".");
            }
            throw invalid(key, element, "an object");
        });
    }

    /** The failure for a value of the right type that is not allowed. */
    public InvalidCheckpointException invalid(String key, Object value, String allowed) {
        return mistake(key, "is %s; allowed: %s".formatted(abbreviate(value), allowed));
    }

    /** The failure for a valid value that needs an unsupported computation. */
    public InvalidCheckpointException unsupported(String key, Object value, String computed) {
        return fault(
                key,
                "is %s; only %s can be computed".formatted(abbreviate(value), computed),
                "Do not change the key, which would give wrong numbers: use another model, or add this variant as docs/adding-a-model-family.md says");
    }

    private InvalidCheckpointException missing(String key) {
        List<String> aliases = ALIASES.getOrDefault(key, List.of());
        return mistake(key, "is missing" + (aliases.isEmpty() ? "" : ", and so is " + String.join(", ", aliases)));
    }

    private InvalidCheckpointException mistake(String key, String what) {
        return fault(key, what, "Compare the file with the one that the model's authors publish");
    }

    private InvalidCheckpointException fault(String key, String what, String remedy) {
        return new InvalidCheckpointException(
                Problem.CONFIGURATION,
                FILE,
                List.of(prefix + key),
                "config.json: %s%s %s. %s.".formatted(prefix, key, what, remedy));
    }

    /** The value of the key or of its aliases, which must all agree. */
    private <T> Optional<T> find(String key, Function<JsonElement, T> convert) {
        Optional<T> found = value(key).map(convert);
        for (String alias : ALIASES.getOrDefault(key, List.of())) {
            Optional<T> other = value(alias).map(convert);
            if (found.isPresent() && other.isPresent() && !found.equals(other)) {
                throw mistake(key, "is %s, but %s is %s".formatted(found.get(), alias, other.get()));
            }
            found = found.or(() -> other);
        }
        return found;
    }

    private Optional<JsonElement> value(String key) {
        return Optional.ofNullable(json.get(key)).filter(element -> !element.isJsonNull());
    }

    private int size(String key, JsonElement element) {
        double size = number(element);
        if (size >= 1 && size <= MAXIMUM_SIZE && size == Math.rint(size)) {
            return (int) size;
        }
        throw invalid(key, element, "a whole number from 1 to %,d".formatted(MAXIMUM_SIZE));
    }

    private double finite(String key, JsonElement element) {
        double number = number(element);
        if (Double.isFinite(number)) {
            return number;
        }
        throw invalid(key, element, "a finite number");
    }

    /** NaN if it is not a number. */
    private static double number(@Nullable JsonElement element) {
        return element instanceof JsonPrimitive primitive && primitive.isNumber()
                ? primitive.getAsDouble()
                : Double.NaN;
    }

    private String text(String key, JsonElement element, String allowed) {
        if (isText(element)) {
            return element.getAsString();
        }
        throw invalid(key, element, allowed);
    }

    private static boolean isText(JsonElement element) {
        return element instanceof JsonPrimitive primitive && primitive.isString();
    }

    private static String abbreviate(Object value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
