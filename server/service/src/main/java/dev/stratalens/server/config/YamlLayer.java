package dev.stratalens.server.config;

import dev.stratalens.server.access.proof.IssuerKeys;
import dev.stratalens.server.hub.HubModel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The file's values, with the line of each. Paths count from the file's own directory. */
final class YamlLayer {

    private final Path file;
    private final List<String> faults;
    private final Map<String, ConfigValue> values = new LinkedHashMap<>();

    private YamlLayer(Path file, List<String> faults) {
        this.file = file;
        this.faults = faults;
    }

    /**
     * Flat: a model's key is {@code models.NAME}.
     *
     * @param faults takes what is wrong with the file
     */
    static Map<String, ConfigValue> read(Path file, String text, List<String> faults) {
        YamlLayer layer = new YamlLayer(file, faults);
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setSchema(new CoreSchema())
                    .setAllowNonScalarKeys(true)
                    .build();
            new Compose(settings).composeString(text).ifPresent(root -> layer.readMapping(root, ""));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            faults.add("%s:%d: this is no YAML: %s.".formatted(file, line, e.getProblem()));
        } catch (YamlEngineException e) {
            faults.add("%s: this is no YAML: %s.".formatted(file, e.getMessage()));
        } catch (StackOverflowError e) {
            faults.add("%s: this nests too deeply.".formatted(file));
        }
        return layer.values;
    }

    private void readMapping(Node node, String prefix) {
        if (isNull(node)) {
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            faults.add("%s: %s must be keys with values, one a line."
                    .formatted(origin(node), prefix.isEmpty() ? "the configuration" : Settings.MODELS));
            return;
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                faults.add("%s: a key must be a plain word.".formatted(origin(entry.getKeyNode())));
            } else if (prefix.isEmpty() && name.getValue().equals(Settings.MODELS)) {
                readMapping(entry.getValueNode(), Settings.modelKey(""));
            } else if (!prefix.isEmpty() && entry.getValueNode() instanceof MappingNode model) {
                readModel(name.getValue(), model);
            } else {
                readValue(prefix + name.getValue(), entry.getValueNode());
            }
        }
    }

    /** A model with its source and more. */
    private void readModel(String name, MappingNode model) {
        boolean hasSource = false;
        for (NodeTuple entry : model.getValue()) {
            String key = entry.getKeyNode() instanceof ScalarNode word ? word.getValue() : "";
            if (key.equals(Settings.MODEL)) {
                readValue(Settings.modelKey(name), entry.getValueNode());
                hasSource = true;
            } else if (key.equals(LensList.KEY) && entry.getValueNode() instanceof MappingNode lenses) {
                readLenses(name, lenses);
            } else if (Settings.OF_MODELS.contains(key)) {
                readValue(Settings.keyOf(key, name), entry.getValueNode());
            } else {
                faults.add("%s: a model has the keys %s, %s, not \"%s\"."
                        .formatted(
                                origin(entry.getKeyNode()),
                                Settings.MODEL,
                                String.join(", ", Settings.OF_MODELS),
                                key));
            }
        }
        if (!hasSource) {
            faults.add("%s: the model \"%s\" lacks its source; give %s: MODEL."
                    .formatted(origin(model), name, Settings.MODEL));
        }
    }

    /** Names with their files, one a line: the same as one text with commas. */
    private void readLenses(String model, MappingNode lenses) {
        List<String> parts = new ArrayList<>();
        for (NodeTuple entry : lenses.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode name && entry.getValueNode() instanceof ScalarNode file) {
                parts.add(name.getValue() + "=" + file.getValue());
            } else {
                faults.add("%s: a lens is a name with a file.".formatted(origin(entry.getKeyNode())));
            }
        }
        String key = Settings.keyOf(LensList.KEY, model);
        String text = LensList.resolved(String.join(",", parts), file.getParent());
        values.put(key, new ConfigValue(text, origin(lenses)));
    }

    private void readValue(String key, Node node) {
        if (isNull(node)) {
            return;
        }
        if (!(node instanceof ScalarNode scalar)) {
            faults.add("%s: %s must have one value.".formatted(origin(node), key));
        } else if (values.put(key, new ConfigValue(resolve(key, scalar.getValue()), origin(node))) != null) {
            faults.add("%s: %s is given twice.".formatted(origin(node), key));
        }
    }

    private String resolve(String key, String text) {
        Path directory = file.getParent();
        if (key.startsWith(Settings.keyOf(LensList.KEY, ""))) {
            return LensList.resolved(text, directory);
        }
        boolean isPath = Settings.PATHS.contains(key) || Settings.isModel(key);
        if (directory == null
                || !isPath
                || text.isEmpty()
                || text.equals(Settings.DEMO)
                || text.startsWith(HubModel.SCHEME)
                || IssuerKeys.isAddress(text)) {
            return text;
        }
        try {
            return directory.resolve(text).toString();
        } catch (InvalidPathException e) {
            // Found again, with a message, when it is parsed.
            return text;
        }
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private String origin(Node node) {
        return file
                + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    }
}
