package dev.stratalens.server.access.policy;

import dev.stratalens.server.access.Quota;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the limits of a group. */
final class QuotaReader {

    private static final String REQUESTS = "requests-per-minute";
    private static final String TOKENS = "tokens-per-minute";
    private static final String IN_FLIGHT = "in-flight";
    private static final String QUEUE_SHARE = "queue-share";
    private static final String PROMPT_TOKENS = "prompt-tokens";
    private static final String ANSWER_CELLS = "answer-cells";
    private static final String WEIGHT = "weight";
    private static final Set<String> KEYS =
            Set.of(REQUESTS, TOKENS, IN_FLIGHT, QUEUE_SHARE, PROMPT_TOKENS, ANSWER_CELLS, WEIGHT);

    private static final long MAX_COUNT = 1_000_000_000_000L;
    private static final int MAX_WEIGHT = 1_000;
    /** Nobody has to guess whether 0 means nothing or everything. */
    private static final String INSTEAD_OF_NONE =
            " Leave it out for no limit; take rights or models away to allow nothing.";

    private final YamlFaults faults;

    QuotaReader(YamlFaults faults) {
        this.faults = faults;
    }

    Quota read(Optional<Node> limits) {
        Map<String, Node> given =
                limits.map(node -> faults.mapping(node, "limits", KEYS)).orElse(Map.of());
        return new Quota(
                integer(given, REQUESTS, Integer.MAX_VALUE),
                count(given, TOKENS, MAX_COUNT),
                integer(given, IN_FLIGHT, Integer.MAX_VALUE),
                share(given),
                integer(given, PROMPT_TOKENS, Integer.MAX_VALUE),
                count(given, ANSWER_CELLS, MAX_COUNT),
                integer(given, WEIGHT, MAX_WEIGHT).orElse(1));
    }

    private OptionalInt integer(Map<String, Node> given, String key, int most) {
        OptionalLong count = count(given, key, most);
        return count.isPresent() ? OptionalInt.of((int) count.getAsLong()) : OptionalInt.empty();
    }

    private OptionalLong count(Map<String, Node> given, String key, long most) {
        Node node = given.get(key);
        if (node == null) {
            return OptionalLong.empty();
        }
        String text = faults.text(node, key);
        long count = text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
        if (count >= 1 && count <= most) {
            return OptionalLong.of(count);
        }
        refuse(node, key, text, "a whole number from 1 to " + most);
        return OptionalLong.empty();
    }

    private OptionalDouble share(Map<String, Node> given) {
        Node node = given.get(QUEUE_SHARE);
        if (node == null) {
            return OptionalDouble.empty();
        }
        String text = faults.text(node, QUEUE_SHARE);
        int percent = text.matches("\\d{1,3}%") ? Integer.parseInt(text.substring(0, text.length() - 1)) : 0;
        if (percent >= 1 && percent <= 100) {
            return OptionalDouble.of(percent / 100.0);
        }
        refuse(node, QUEUE_SHARE, text, "a share from 1% to 100%");
        return OptionalDouble.empty();
    }

    private void refuse(Node node, String key, String text, String allowed) {
        faults.add(
                node,
                "%s: \"%s\" is not allowed; allowed: %s.%s"
                        .formatted(
                                key,
                                text,
                                allowed,
                                text.matches("0+%?") && !key.equals(WEIGHT) ? INSTEAD_OF_NONE : ""));
    }
}
