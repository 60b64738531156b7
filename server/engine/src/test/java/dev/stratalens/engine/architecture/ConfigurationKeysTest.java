package dev.stratalens.engine.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every key of the reference's configuration classes is read, or named in {@code config-keys-unread.tsv} with the reason. A key is
 * read if some value of it changes the description of one of the recorded cases, or is refused. {@code config_keys.py} lists the keys
 * with their defaults.
 */
class ConfigurationKeysTest {

    /** Values of every type; no key takes all of them. */
    private static final List<JsonElement> VALUES = Stream.of("[{}]", "true", "false", "3", "\"x\"")
            .map(JsonParser::parseString)
            .toList();

    /** Defaults that differ from an absent key, and why. */
    private static final Map<String, String> OTHER_THAN_ABSENT = Map.of(
            "bloom-normed-residual hidden_size", "the file has another name of it",
            "nemotron_h-latent conv_kernel", "the file has an older name of it",
            "nemotron_h-latent n_groups", "the file has an older name of it",
            "nemotron_h-latent time_step_min", "the file has an older name of it",
            "lfm2_vl tie_word_embeddings", "the model around this one decides, if the key is absent",
            "lfm3_vl tie_word_embeddings", "the model around this one decides, if the key is absent");

    private static final Map<String, List<Place>> PLACES = new TreeMap<>();
    private static final List<Key> KEYS = lines("config-keys.tsv")
            .map(columns -> new Key(columns[0], columns[1], columns[2]))
            .toList();

    /** A key of a type; its default, or the reason why it is unread. */
    private record Key(String type, String name, String value) {}

    /** Where a case has the keys of a type, with the description of the case. */
    private record Place(ParityCase parity, JsonObject config, boolean inner, String usual) {

        JsonObject keys() {
            return keys(config);
        }

        private JsonObject keys(JsonObject whole) {
            return inner ? whole.getAsJsonObject("text_config") : whole;
        }

        /** The same case with other values. */
        Place with(JsonObject changes) {
            JsonObject changed = config.deepCopy();
            changes.asMap().forEach(keys(changed)::add);
            return new Place(parity, changed, inner, described(changed).orElse("refused"));
        }

        /** Whether a value changes the description, or is refused. */
        boolean heeds(String key, JsonElement value) {
            JsonObject changed = config.deepCopy();
            keys(changed).add(key, value);
            return !described(changed).orElse("refused").equals(usual);
        }

        boolean reads(String key) {
            return VALUES.stream().anyMatch(value -> heeds(key, value));
        }
    }

    private static Optional<String> described(JsonObject config) {
        try {
            return Optional.of(ArchitectureText.of(Architectures.of(HfConfig.parse(config.toString()))));
        } catch (InvalidCheckpointException e) {
            return Optional.empty();
        }
    }

    @BeforeAll
    static void collect() {
        ParityCases.all().forEach(parity -> {
            JsonObject config = json(parity);
            String usual = described(config).orElseThrow();
            add(config, new Place(parity, config, false, usual));
            if (config.get("text_config") instanceof JsonObject text && text.has("model_type")) {
                add(text, new Place(parity, config, true, usual));
            }
        });
    }

    private static void add(JsonObject keys, Place place) {
        PLACES.computeIfAbsent(keys.get("model_type").getAsString(), type -> new ArrayList<>())
                .add(place);
    }

    private static JsonObject json(ParityCase parity) {
        try {
            return JsonParser.parseString(
                            Files.readString(parity.modelDirectory().resolve("config.json")))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String[]> lines(String resource) {
        try (var stream = ConfigurationKeysTest.class.getResourceAsStream("/reference/" + resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Place> places(String type) {
        return PLACES.getOrDefault(type, List.of());
    }

    @Test
    void everyKeyIsReadOrHasAReason() {
        List<Key> reasons = lines("config-keys-unread.tsv")
                .map(columns -> new Key(columns[0], columns[1], columns[2]))
                .toList();
        Set<Key> used = new HashSet<>();
        Set<String> unknown = new TreeSet<>();
        for (Key key : KEYS) {
            if (places(key.type()).stream().noneMatch(place -> place.reads(key.name()))) {
                Optional<Key> reason = reasons.stream()
                        .filter(some -> some.name().equals(key.name())
                                && (some.type().equals("*") || some.type().equals(key.type())))
                        .findFirst();
                reason.ifPresent(used::add);
                if (reason.isEmpty() || !holds(reason.get(), key)) {
                    unknown.add(key.type() + " " + key.name());
                }
            }
        }
        assertEquals(Set.of(), unknown, "keys that are not read, without a reason in config-keys-unread.tsv");
        assertEquals(
                List.of(),
                reasons.stream().filter(reason -> !used.contains(reason)).toList(),
                "reasons for keys that are read");
    }

    /** A reason in braces is other keys, together with which the key is read. */
    private static boolean holds(Key reason, Key key) {
        if (!reason.value().startsWith("{")) {
            return true;
        }
        JsonObject others = JsonParser.parseString(reason.value()).getAsJsonObject();
        return places(key.type()).stream().anyMatch(place -> place.with(others).reads(key.name()));
    }

    @Test
    void theDefaultOfAKeyIsThatOfTheReference() {
        Set<String> others = new TreeSet<>();
        for (Key key : KEYS) {
            JsonElement usual = JsonParser.parseString(key.value());
            if (!usual.isJsonNull()) {
                places(key.type()).stream()
                        .filter(place -> !place.keys().has(key.name()))
                        .filter(place -> place.heeds(key.name(), usual))
                        .forEach(place -> others.add(place.parity().name() + " " + key.name()));
            }
        }
        assertEquals(new TreeSet<>(OTHER_THAN_ABSENT.keySet()), others);
    }
}
