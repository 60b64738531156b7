package dev.stratalens.cli.explore;

import com.google.gson.Gson;
import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the page asks about finished runs in the folder.
 *
 * @param folder empty if runs are not kept in files
 */
record FolderQuestions(Optional<RunFolder> folder) {

    private static final Gson GSON = new Gson();

    /** What the reader says of a run. */
    record Words(@Nullable String name, @Nullable String note) {}

    /** The folder, and its runs, newest first. */
    Answer list() throws IOException {
        return Answer.json(json -> {
            if (folder.isPresent()) {
                json.name("folder").value(shown(folder.get().path(), Path.of(System.getProperty("user.home"))));
            }
            json.name("runs").beginArray();
            if (folder.isPresent()) {
                for (RunFolder.Run run : folder.get().list()) {
                    write(run, json);
                }
            }
            json.endArray();
        });
    }

    /** A folder as people write it: the home folder is {@code ~}. */
    static String shown(Path folder, Path home) {
        return folder.startsWith(home) && !folder.equals(home)
                ? Path.of("~").resolve(home.relativize(folder)).toString()
                : folder.toString();
    }

    void call(String id, HttpExchange exchange) throws IOException {
        Words words = RequestBody.read(exchange, Words.class);
        here().call(id, Objects.requireNonNullElse(words.name(), ""), Objects.requireNonNullElse(words.note(), ""));
        Answer.nothing().send(exchange);
    }

    void delete(String id, HttpExchange exchange) throws IOException {
        here().delete(id);
        Answer.nothing().send(exchange);
    }

    private RunFolder here() {
        return folder.orElseThrow(() -> new BadRequest(404, "Runs are not kept in files here."));
    }

    private static void write(RunFolder.Run run, JsonWriter json) throws IOException {
        RunFolder.About about = run.about();
        json.beginObject().name("id").value(run.id()).name("at").value(run.at().toString());
        json.name("name").value(Objects.requireNonNullElse(about.name(), ""));
        json.name("note").value(Objects.requireNonNullElse(about.note(), ""));
        json.name("model").value(Objects.requireNonNullElse(about.model(), ""));
        json.name("tokens").value(about.tokens());
        json.name("written").value(about.written());
        json.name("ended").value(about.ended());
        if (about.form() != null) {
            json.name("form").jsonValue(GSON.toJson(about.form()));
        }
        json.endObject();
    }
}
