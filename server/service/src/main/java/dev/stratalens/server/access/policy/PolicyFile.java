package dev.stratalens.server.access.policy;

import dev.stratalens.engine.error.FileFault;
import dev.stratalens.server.access.Grant;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.Right;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a policy. Everything that it does not know is a fault, because a misspelled limit would be none. */
public final class PolicyFile {

    private static final String GROUPS = "groups";
    private static final String PRINCIPALS = "principals";
    private static final String MODELS = "models";
    private static final String MAY = "may";
    private static final String LIMITS = "limits";
    /** The group of everybody who is in no other. */
    private static final String DEFAULT = "default";

    /** Without a word on it: all but the loading and unloading of models. */
    private static final Set<Right> USUAL = EnumSet.complementOf(EnumSet.of(Right.MANAGE));

    private final YamlFaults faults;

    private PolicyFile(YamlFaults faults) {
        this.faults = faults;
    }

    /**
     * The policy in a file.
     *
     * @throws IOException with a line for each fault, and its place
     */
    public static Policy read(Path file) throws IOException {
        YamlFaults faults = new YamlFaults(file);
        Optional<Node> root = Optional.empty();
        try {
            root = new Compose(LoadSettings.builder().build()).composeString(Files.readString(file));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            faults.add(line, "this is no YAML: %s.".formatted(e.getProblem()));
        } catch (YamlEngineException e) {
            faults.add(1, "this is no YAML: %s.".formatted(e.getMessage()));
        } catch (StackOverflowError e) {
            faults.add(1, "this nests too deeply.");
        } catch (IOException e) {
            throw new IOException("access-policy: %s cannot be read (%s). Name a readable YAML file in UTF-8."
                    .formatted(file, FileFault.words(e)));
        }
        Policy policy = root.map(new PolicyFile(faults)::policy).orElse(Policy.NONE);
        if (root.isEmpty()) {
            faults.add(1, "the policy is empty; give groups.");
        }
        faults.throwIfAny();
        return policy;
    }

    private Policy policy(Node root) {
        Map<String, Node> parts = faults.mapping(root, "the policy", Set.of(GROUPS, PRINCIPALS));
        Map<String, Grant> groups = new LinkedHashMap<>();
        Node named = parts.get(GROUPS);
        if (named == null) {
            faults.add(root, "the policy has no groups.");
        } else {
            faults.mapping(named, GROUPS).forEach((name, group) -> groups.put(name, grant(name, group)));
        }
        Map<String, Grant> grants = new HashMap<>();
        Optional.ofNullable(parts.get(PRINCIPALS))
                .map(node -> faults.mapping(node, PRINCIPALS))
                .orElse(Map.of())
                .forEach((name, group) -> {
                    Grant grant = groups.get(faults.text(group, "the group of " + name));
                    if (grant == null) {
                        faults.add(
                                group,
                                "\"%s\" must be in one of the groups %s."
                                        .formatted(name, String.join(", ", groups.keySet())));
                    } else if (!Principal.isName(name)) {
                        faults.add(group, "\"%s\" cannot name a principal.".formatted(name));
                    } else {
                        grants.put(name, grant);
                    }
                });
        return new Policy(grants, Optional.ofNullable(groups.get(DEFAULT)));
    }

    private Grant grant(String group, Node node) {
        Map<String, Node> parts = faults.mapping(node, "group " + group, Set.of(MODELS, MAY, LIMITS));
        return new Grant(
                Optional.ofNullable(parts.get(MODELS))
                        .map(list -> texts(list, MODELS))
                        .orElse(List.of("*")),
                Optional.ofNullable(parts.get(MAY)).map(this::rights).orElse(USUAL),
                new QuotaReader(faults).read(Optional.ofNullable(parts.get(LIMITS))));
    }

    /** A right to do something with a model includes the right to see it. */
    private Set<Right> rights(Node list) {
        Set<Right> rights = EnumSet.of(Right.SEE);
        for (String word : texts(list, MAY)) {
            Stream.of(Right.values())
                    .filter(right -> word(right).equals(word))
                    .findFirst()
                    .ifPresentOrElse(
                            rights::add,
                            () -> faults.add(
                                    list,
                                    "may: \"%s\" is no right; allowed: %s."
                                            .formatted(
                                                    word,
                                                    Stream.of(Right.values())
                                                            .map(PolicyFile::word)
                                                            .collect(Collectors.joining(", ")))));
        }
        return rights;
    }

    private static String word(Right right) {
        return right.name().toLowerCase(Locale.ROOT);
    }

    private List<String> texts(Node node, String what) {
        List<String> texts = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(entry -> texts.add(faults.text(entry, what)));
        } else {
            faults.add(node, what + " must be a list, such as [a, b].");
        }
        return texts;
    }
}
