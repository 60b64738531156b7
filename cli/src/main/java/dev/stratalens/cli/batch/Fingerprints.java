package dev.stratalens.cli.batch;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Prompt;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * Tells whether an existing result answers the request: a hash of the model, with its weights, tokenizer and lenses, the prompt and
 * what is computed of it, as typed. The id is not part of it.
 */
public final class Fingerprints {

    /** Of the hash, as many as make an accident impossible. */
    private static final int BYTES = 16;

    private final ModelFacts facts;

    /** Of the results of a model. */
    public Fingerprints(ModelFacts facts) {
        this.facts = facts;
    }

    /** 32 hexadecimal digits. */
    public String of(BatchPrompt prompt) {
        try {
            byte[] text = describe(prompt).getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A change of this text has the files refused that an earlier version began. */
    private String describe(BatchPrompt prompt) {
        ModelInfo model = facts.info();
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginArray();
            json.value(model.name()).value(model.architecture()).value(model.revision());
            json.value(model.layers())
                    .value(model.hiddenSize().orElse(0))
                    .value(model.vocabularySize().orElse(0));
            json.value(model.storedType()).value(model.computeType());
            // Empty if the server does not say them.
            json.value(facts.weightsFingerprint()).value(facts.tokenizerDigest());
            strings(json, lenses(prompt.settings()));
            if (prompt.prompt() instanceof Prompt.Text words) {
                json.value(words.text());
            } else if (prompt.prompt() instanceof Prompt.TokenIds ids) {
                json.beginArray();
                for (int id : ids.ids()) {
                    json.value(id);
                }
                json.endArray();
            }
            settings(json, prompt.settings());
            json.endArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory was not written", e);
        }
        return text.toString();
    }

    /** What tells the fitted lenses that are read from others of the same name. */
    private List<String> lenses(LensSettings settings) {
        return settings.chosen().stream()
                .flatMap(lens -> lens.map().stream())
                .flatMap(name ->
                        facts.lenses().stream().filter(fitted -> fitted.name().equals(name)))
                .map(LensInfo::fingerprint)
                .toList();
    }

    private static void settings(JsonWriter json, LensSettings settings) throws IOException {
        json.value(settings.layers()).value(settings.positions()).value(settings.topK());
        strings(json, settings.targets());
        json.value(settings.statistics()).value(settings.specialTokens().name());
        strings(
                json,
                new TreeSet<>(settings.switches()).stream().map(Enum::name).toList());
        if (!settings.lenses().isEmpty()) {
            strings(json, settings.lenses());
        }
        if (!settings.candidates().equals(LensSettings.MOST_LIKELY)) {
            json.value(settings.candidates());
        }
    }

    private static void strings(JsonWriter json, List<String> values) throws IOException {
        json.beginArray();
        for (String value : values) {
            json.value(value);
        }
        json.endArray();
    }
}
