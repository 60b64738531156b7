package dev.stratalens.cli.batch;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.client.request.Prompt;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A prompt as a JSON object: {@code id}, {@code type}, {@code text} or {@code token_ids}, and what differs from the command's options. */
final class PromptJson {

    private static final Pattern COLUMN = Pattern.compile("line 1 (column \\d+)");

    private static final String NO_OBJECT =
            "is not a JSON object such as {\"id\": \"a\", \"text\": \"The capital of France is\"}%s.";
    private static final String ARRAY =
            "begins an array of JSON, but prompts are objects, one a line. --text-column text reads the elements of an array as rows.";
    private static final String HALF_A_CHARACTER =
            "has a text with half a character in it (an unpaired surrogate)%s. Give whole characters.";

    private final JsonReader json;
    private final Set<String> seen = new HashSet<>();
    private String id;
    private @Nullable Prompt prompt;
    private LensSettings settings;
    private String type = "";

    private PromptJson(JsonReader json, int line, LensSettings defaults) {
        this.json = json;
        this.id = Integer.toString(line);
        this.settings = defaults;
    }

    /**
     * Reads a line. A prompt without an id has the line's number.
     *
     * @throws CliException that says what is wrong with the line, but not which it is
     */
    static BatchPrompt parse(String text, int line, LensSettings defaults) {
        if (text.stripLeading().startsWith("[")) {
            throw CliException.usage(ARRAY);
        }
        JsonReader json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.STRICT);
        try {
            return new PromptJson(json, line, defaults).read(line);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            String reason = String.valueOf(e.getMessage());
            Matcher column = COLUMN.matcher(reason);
            throw new CliException(
                    ExitCode.USAGE,
                    (reason.contains("surrogate") ? HALF_A_CHARACTER : NO_OBJECT)
                            .formatted(column.find() ? "; see " + column.group(1) : ""),
                    e);
        }
    }

    private BatchPrompt read(int line) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            if (!seen.add(key)) {
                throw CliException.usage("\"%s\" occurs twice.".formatted(key));
            }
            value(key);
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw new IllegalStateException("something follows the object");
        }
        if (prompt == null) {
            throw CliException.usage("there is no prompt; give \"text\" or \"token_ids\".");
        }
        return new BatchPrompt(line, id, prompt, settings, type);
    }

    private void value(String key) throws IOException {
        LensSettings was = settings;
        switch (key) {
            case "id" -> id = json.peek() == JsonToken.NUMBER ? Long.toString(json.nextLong()) : string(key);
            case "text" -> prompt(new Prompt.Text(string(key)));
            case "type" -> type = string(key);
            case "token_ids" -> prompt(new Prompt.TokenIds(tokenIds()));
            case "layers" -> settings = with(string(key), was.positions(), was.topK(), was.targets(), was.statistics());
            case "positions" -> settings = with(was.layers(), string(key), was.topK(), was.targets(), was.statistics());
            case "top_k" ->
                settings = with(was.layers(), was.positions(), integer(key), was.targets(), was.statistics());
            case "targets" ->
                settings = with(was.layers(), was.positions(), was.topK(), strings(key), was.statistics());
            case "stats" -> settings = with(was.layers(), was.positions(), was.topK(), was.targets(), string(key));
            default ->
                throw CliException.usage(
                        "\"%s\" is not understood. Keys are id, type, text, token_ids, layers, positions, top_k, targets, stats."
                                .formatted(key));
        }
    }

    private LensSettings with(String layers, String positions, int topK, List<String> targets, String statistics) {
        return new LensSettings(
                layers,
                positions,
                topK,
                targets,
                statistics,
                settings.specialTokens(),
                settings.switches(),
                settings.lenses(),
                settings.candidates());
    }

    private void prompt(Prompt given) {
        if (prompt != null) {
            throw CliException.usage("there are both text and token_ids; give one of the two.");
        }
        prompt = given;
    }

    private List<Integer> tokenIds() throws IOException {
        List<Integer> ids = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            int tokenId = integer("token_ids");
            if (tokenId < 0) {
                throw CliException.usage("token_ids: %d is negative; ids start at 0.".formatted(tokenId));
            }
            ids.add(tokenId);
        }
        json.endArray();
        return ids;
    }

    private List<String> strings(String key) throws IOException {
        List<String> strings = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            strings.add(string(key));
        }
        json.endArray();
        return strings;
    }

    private String string(String key) throws IOException {
        require(key, JsonToken.STRING, "text in quotes");
        return json.nextString();
    }

    private int integer(String key) throws IOException {
        require(key, JsonToken.NUMBER, "a number");
        return json.nextInt();
    }

    /** The reader by itself would take a number for a text, and a text for a number. */
    private void require(String key, JsonToken wanted, String inWords) throws IOException {
        if (json.peek() != wanted) {
            throw CliException.usage("\"%s\" is %s, not %s."
                    .formatted(key, inWords, json.peek().name().toLowerCase(Locale.ROOT)));
        }
    }
}
