package dev.stratalens.cli.models;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What kind of tokenizer a checkpoint has. */
public final class TokenizerKind {

    private TokenizerKind() {}

    /** Such as {@code BPE}; as the files say it, which need not be one that can be loaded. */
    public static String of(Path model) {
        if (Files.isRegularFile(model)) {
            return "in the file";
        }
        Path definition = model.resolve("tokenizer.json");
        if (!Files.exists(definition)) {
            return Files.exists(model.resolve("vocab.json")) ? "BPE (vocab.json, merges.txt)" : "not known";
        }
        try (JsonReader json = new JsonReader(Files.newBufferedReader(definition))) {
            return type(json);
        } catch (IOException | IllegalStateException unreadable) {
            return "not known";
        }
    }

    private static String type(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            if (!json.nextName().equals("model") || json.peek() != JsonToken.BEGIN_OBJECT) {
                json.skipValue();
                continue;
            }
            json.beginObject();
            while (json.hasNext()) {
                if (json.nextName().equals("type")) {
                    return json.nextString();
                }
                json.skipValue();
            }
            // Old files do not say it, and are all of this kind.
            return "BPE";
        }
        return "not known";
    }
}
