package dev.stratalens.server.access.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Takes nodes of a YAML file apart and collects what is wrong with them, with their lines. */
final class YamlFaults {

    private final Path file;
    private final List<String> faults = new ArrayList<>();

    YamlFaults(Path file) {
        this.file = file;
    }

    void add(Node node, String fault) {
        add(node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1), fault);
    }

    void add(int line, String fault) {
        faults.add("%s:%d: %s".formatted(file, line, fault));
    }

    void throwIfAny() throws IOException {
        if (!faults.isEmpty()) {
            throw new IOException(String.join(System.lineSeparator(), faults));
        }
    }

    /** The entries of a mapping, whose keys may be any. */
    Map<String, Node> mapping(Node node, String what) {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            add(node, what + " must be keys with values, one a line.");
            return entries;
        }
        for (NodeTuple entry : mapping.getValue()) {
            String key = text(entry.getKeyNode(), "a key");
            if (entries.put(key, entry.getValueNode()) != null) {
                add(entry.getKeyNode(), "%s is given twice.".formatted(key));
            }
        }
        return entries;
    }

    /** As the other, with the keys that there may be. */
    Map<String, Node> mapping(Node node, String what, Set<String> allowed) {
        Map<String, Node> entries = mapping(node, what);
        entries.forEach((key, value) -> {
            if (!allowed.contains(key)) {
                add(
                        value,
                        "%s has no key \"%s\"; allowed: %s."
                                .formatted(
                                        what,
                                        key,
                                        String.join(
                                                ", ", allowed.stream().sorted().toList())));
            }
        });
        return entries;
    }

    /** The text of a single value. */
    String text(Node node, String what) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        add(node, what + " must be one word.");
        return "";
    }
}
