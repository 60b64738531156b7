package dev.stratalens.server.config;

import static java.util.Objects.requireNonNull;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A configuration, and where each of its values came from. */
public final class EffectiveConfig {

    /** Texts that need no quotes. */
    private static final Pattern PLAIN = Pattern.compile("(?!(?i:null)$)[A-Za-z0-9/][A-Za-z0-9/._-]*");

    /** A quoted YAML text may hold whatever a JSON one may. */
    private static final Gson QUOTES = new GsonBuilder().disableHtmlEscaping().create();

    private final ServerConfig config;
    private final Map<String, ConfigValue> values;

    EffectiveConfig(ServerConfig config, Map<String, ConfigValue> values) {
        this.config = config;
        this.values = values;
    }

    /** The values. */
    public ServerConfig config() {
        return config;
    }

    /** The key of a model, and where it was given, for messages. */
    public String origin(String model) {
        String key = Settings.modelKey(model);
        return "%s (%s)".formatted(key, requireNonNull(values.get(key)).origin());
    }

    /** A file that gives the same configuration, with the origin of each value behind it. */
    public String toYaml() {
        StringBuilder yaml = new StringBuilder();
        values.forEach((key, value) -> {
            if (!Settings.isModel(key) && !Settings.isOfModel(key)) {
                append(yaml, key, value);
            }
        });
        yaml.append(Settings.MODELS).append(":\n");
        values.forEach((key, value) -> {
            if (Settings.isModel(key)) {
                appendModel(yaml, Settings.modelName(key), value);
            }
        });
        return yaml.toString();
    }

    private void appendModel(StringBuilder yaml, String name, ConfigValue source) {
        List<String> own = Settings.OF_MODELS.stream()
                .filter(key -> values.containsKey(Settings.keyOf(key, name)))
                .toList();
        if (own.isEmpty()) {
            append(yaml, "  " + quoted(name), source);
            return;
        }
        yaml.append("  ").append(quoted(name)).append(":\n");
        append(yaml, "    " + Settings.MODEL, source);
        own.forEach(key -> append(yaml, "    " + key, requireNonNull(values.get(Settings.keyOf(key, name)))));
    }

    private static void append(StringBuilder yaml, String key, ConfigValue value) {
        yaml.append("%-40s # %s\n".formatted(key + ": " + quoted(value.text()), value.origin()));
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : QUOTES.toJson(text);
    }
}
