package dev.stratalens.cli.lenses;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.stratalens.server.hub.HubLens;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lens that others have published. None of them was tried by this project.
 *
 * @param name here: the kind, a slash, and the name of the model
 * @param model repository of the model on the hub; empty if the source does not say
 * @param lens where it is, as {@link HubLens} is written
 * @param license of the file; empty if it is not known
 * @param source of these facts
 * @param broken what is known to be wrong with the file
 * @param remark what else to know
 */
record PublishedLens(
        String name,
        String model,
        String lens,
        String license,
        String source,
        @Nullable String broken,
        @Nullable String remark) {

    private static final String FILE = "published-lenses.json";

    /** All of them, in order of name. */
    static List<PublishedLens> all() {
        try (InputStream in = PublishedLens.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the program");
            }
            return List.copyOf(Arrays.asList(
                    new Gson().fromJson(new InputStreamReader(in, StandardCharsets.UTF_8), PublishedLens[].class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JsonParseException e) {
            throw new IllegalStateException(FILE + " is no list of lenses", e);
        }
    }

    /** The one of a name. */
    static Optional<PublishedLens> named(String name) {
        return all().stream().filter(lens -> lens.name().equals(name)).findFirst();
    }

    /** Where it is. */
    HubLens place() {
        return HubLens.parse(lens).orElseThrow(() -> new IllegalStateException(lens + " is no lens of the hub"));
    }

    /** What is known to be wrong with it, or else what to know. */
    String notes() {
        return broken != null ? "broken: " + broken : remark == null ? "" : remark;
    }
}
