package dev.stratalens.server.config;

import dev.stratalens.server.hub.HubModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Values by key, each from the highest layer that has it: defaults, file, environment, flags. */
final class ConfigLayers {

    private static final String VARIABLE_PREFIX = "STRATALENS_";

    /** Names the file: for who opens that. */
    private static final String FILE_VARIABLE = VARIABLE_PREFIX + "CONFIG";

    private static final List<String> KEYS = Stream.concat(
                    Stream.of(Settings.MODELS), Settings.SCALARS.stream().map(Setting::key))
            .toList();

    private final Map<String, ConfigValue> values = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    ConfigLayers() {
        Settings.SCALARS.forEach(
                setting -> values.put(setting.key(), new ConfigValue(setting.defaultText(), "default")));
        values.put(Settings.modelKey(Settings.DEMO), new ConfigValue(Settings.DEMO, "default"));
    }

    /** A model's key is {@code models.NAME}. */
    Map<String, ConfigValue> values() {
        return values;
    }

    /** What is wrong with the layers; takes more. */
    List<String> faults() {
        return faults;
    }

    void addFile(Path file, String text) {
        Map<String, ConfigValue> layer = YamlLayer.read(file, text, faults);
        layer.forEach((key, value) -> {
            if (!Settings.isModel(key)) {
                requireKnown(key, key, value.origin() + ": ", UnaryOperator.identity());
            }
        });
        overlay(layer);
    }

    /** Empty variables count as absent. */
    void addEnvironment(Map<String, String> environment) {
        Map<String, ConfigValue> layer = new LinkedHashMap<>();
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (variable.startsWith(VARIABLE_PREFIX) && !variable.equals(FILE_VARIABLE) && !text.isEmpty()) {
                String key = variable.substring(VARIABLE_PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                requireKnown(key, variable, "environment: ", ConfigLayers::variable);
                addText(layer, key, new ConfigValue(text, variable));
            }
        });
        overlay(layer);
    }

    /**
     * @param flags by key
     * @param models each {@code SOURCE} or {@code NAME=SOURCE}
     */
    void addFlags(Map<String, String> flags, List<String> models) {
        Map<String, ConfigValue> layer = new LinkedHashMap<>();
        flags.forEach((key, text) -> {
            requireKnown(key, "--" + key, "command line: ", known -> "--" + known);
            addText(layer, key, new ConfigValue(text, "--" + key));
        });
        models.forEach(model -> addModel(layer, new ConfigValue(model, "--model")));
        overlay(layer);
    }

    private static String variable(String key) {
        return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private void requireKnown(String key, String given, String where, UnaryOperator<String> spelling) {
        if (!KEYS.contains(key) && !Settings.isOfModel(key)) {
            faults.add("%s%s is not known; the nearest that is: %s."
                    .formatted(where, given, spelling.apply(NearestName.of(key, KEYS))));
        }
    }

    private void addText(Map<String, ConfigValue> layer, String key, ConfigValue value) {
        if (!key.equals(Settings.MODELS)) {
            layer.put(key, value);
            return;
        }
        for (String model : value.text().split(",", -1)) {
            addModel(layer, new ConfigValue(model, value.origin()));
        }
    }

    private void addModel(Map<String, ConfigValue> layer, ConfigValue value) {
        String model = value.text();
        int equals = model.indexOf('=');
        String source = model.substring(equals + 1).strip();
        String name = equals < 0 ? nameOf(source) : model.substring(0, equals).strip();
        ConfigValue earlier = layer.put(Settings.modelKey(name), new ConfigValue(source, value.origin()));
        if (earlier != null) {
            faults.add(
                    "%s: the model name \"%s\" is given twice; write NAME=%s.".formatted(value.origin(), name, source));
        }
    }

    /** The directory's, file's or repository's own name. */
    private static String nameOf(String source) {
        return HubModel.parse(source).map(HubModel::name).orElseGet(() -> {
            String path = source.replaceFirst("/+$", "").replaceFirst("\\.gguf$", "");
            return path.substring(path.lastIndexOf('/') + 1);
        });
    }

    /** Models replace those of the layers below as a whole. */
    private void overlay(Map<String, ConfigValue> layer) {
        if (layer.keySet().stream().anyMatch(Settings::isModel)) {
            values.keySet().removeIf(key -> Settings.isModel(key) || Settings.isOfModel(key));
        }
        values.putAll(layer);
    }
}
