package dev.stratalens.cli.explore.event;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.result.Token;
import java.io.IOException;
import java.util.BitSet;

/** Tells the texts of ids, each once a run, in the event that mentions it first. Not thread-safe. */
public final class VocabularyJson {

    private final BitSet told = new BitSet();

    /** Adds {@code vocabulary}, the tokens that were not told before. */
    public void write(Iterable<Token> mentioned, JsonWriter json) throws IOException {
        json.name("vocabulary").beginArray();
        for (Token token : mentioned) {
            if (!told.get(token.id())) {
                told.set(token.id());
                json.beginObject();
                RunEvents.token(token, json);
                json.endObject();
            }
        }
        json.endArray();
    }
}
