package dev.stratalens.cli.keys;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.output.ListFormatOption;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.server.access.proof.ApiKey;
import dev.stratalens.server.access.proof.ApiKeyText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A key that was just made: the only moment at which it can be shown. */
record NewKey(ApiKeyText text, ApiKey kept) {

    static NewKey of(String principal, Instant now, Optional<Instant> expires) {
        ApiKeyText text = ApiKeyText.random();
        return new NewKey(text, ApiKey.of(text, principal, now, expires));
    }

    /** Standard output gets the key alone, so that it can go into a file without passing a command line. */
    void show(ListFormatOption listing, Path file, Console console) throws IOException {
        listing.write(out -> out.println(text.reveal()), this::writeJson, console);
        console.err()
                .printf(
                        "This is the key %s of %s. It cannot be shown again: %s holds only a hash of it.%n",
                        kept.id(), kept.principal(), file);
    }

    private void writeJson(JsonWriter json) throws IOException {
        json.beginObject().name("key").value(text.reveal());
        writeFacts(kept, json);
        json.endObject();
    }

    static void writeFacts(ApiKey key, JsonWriter json) throws IOException {
        json.name("id").value(key.id());
        json.name("principal").value(key.principal());
        json.name("created").value(key.created().toString());
        if (key.expires().isPresent()) {
            json.name("expires").value(key.expires().get().toString());
        }
    }
}
