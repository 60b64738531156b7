package dev.stratalens.server.config;

import dev.stratalens.server.hub.HubLens;
import dev.stratalens.server.hub.HubModel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fitted lenses of a model as one text: {@code NAME=FILE,NAME=FILE}. */
final class LensList {

    /** Of a model, in the configuration. */
    static final String KEY = "lenses";

    static final String ALLOWED =
            "NAME=FILE, with commas between several; a name has at most 64 letters, digits and . _ -, a letter or digit first;"
                    + " a file is a lens, a directory of tuned-lens, or " + HubLens.SYNTAX
                    + ", without a comma in its path";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private LensList() {}

    /** Sources by name, in their order, none for an empty text; empty if the text is not understood. */
    static Optional<Map<String, LensSource>> parse(String text) {
        if (text.isEmpty()) {
            return Optional.of(Map.of());
        }
        Map<String, LensSource> lenses = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = part.substring(0, Math.max(0, equals)).strip();
            Optional<LensSource> source = source(part.substring(equals + 1).strip());
            if (!NAME.matcher(name).matches() || source.isEmpty() || lenses.put(name, source.get()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(lenses);
    }

    private static Optional<LensSource> source(String text) {
        if (text.startsWith(HubModel.SCHEME)) {
            return HubLens.parse(text).map(LensSource.Hub::new);
        }
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(new LensSource.Local(Path.of(text)));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The same with paths from a directory on; a text that is not understood stays as it is. */
    static String resolved(String text, @Nullable Path directory) {
        return parse(text)
                .map(lenses -> lenses.entrySet().stream()
                        .map(lens -> lens.getKey() + "=" + resolved(lens.getValue(), directory))
                        .collect(Collectors.joining(",")))
                .orElse(text);
    }

    private static String resolved(LensSource source, @Nullable Path directory) {
        return directory != null && source instanceof LensSource.Local local
                ? directory.resolve(local.path()).toString()
                : source.toString();
    }
}
