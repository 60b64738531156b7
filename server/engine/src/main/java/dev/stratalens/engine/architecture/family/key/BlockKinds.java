package dev.stratalens.engine.architecture.family.key;

import dev.stratalens.engine.checkpoint.HfConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** Lists with a kind for each block. A list overrides the rule of a class. */
public final class BlockKinds {

    private BlockKinds() {}

    /** The blocks with linear attention, or a delta rule, among those with attention. */
    public static IntPredicate linear(HfConfig config, IntPredicate rule) {
        return of(config, "layer_types", List.of("linear_attention"), List.of("full_attention"), rule);
    }

    /** Refuses a list with another kind than the known ones. */
    public static void check(HfConfig config, String key, List<String> kinds, List<String> known) {
        kinds.stream().filter(kind -> !known.contains(kind)).findFirst().ifPresent(kind -> {
            throw config.unsupported(key, kind, String.join(", ", new LinkedHashSet<>(known)));
        });
    }

    /**
     * The blocks of some kinds.
     *
     * @param wanted these kinds
     * @param others kinds that may also be in the list; any other one is refused
     * @param rule for files without the list
     */
    public static IntPredicate of(
            HfConfig config, String key, List<String> wanted, List<String> others, IntPredicate rule) {
        Optional<List<String>> listed = config.optionalStrings(key);
        if (listed.isEmpty()) {
            return rule;
        }
        List<String> kinds = listed.get();
        int blocks = config.integer("num_hidden_layers", kinds.size());
        if (kinds.size() < blocks) {
            throw config.invalid(key, kinds.size() + " kinds", "one for each of " + blocks + " blocks");
        }
        check(
                config,
                key,
                kinds,
                Stream.concat(others.stream(), wanted.stream()).toList());
        return block -> wanted.contains(kinds.get(block));
    }
}
