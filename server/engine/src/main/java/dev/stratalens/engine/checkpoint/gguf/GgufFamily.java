package dev.stratalens.engine.checkpoint.gguf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An architecture of GGUF files: maps its keys, tensors and their contents to those of transformers. Immutable; each
 * method returns a relative with one difference.
 *
 * @param modelType transformers' name of the family
 * @param keys GGUF's key, without the architecture before it, to the configuration's
 * @param derived keys of the configuration without a key in the file, to their source: an Integer, Long, Boolean or
 *     Double, JSON's null, or nothing if the file does not tell
 * @param names GGUF's name of a module, {@code blk.{}} before one of a block, to transformers'
 * @param rearrangements modules whose numbers have another order or offset; keys as in names
 */
record GgufFamily(
        String modelType,
        Map<String, String> keys,
        Map<String, Function<GgufFacts, Optional<?>>> derived,
        Map<String, String> names,
        Map<String, GgufRearrangement> rearrangements) {

    private static final Pattern NAME =
            Pattern.compile("(?:blk\\.(?<block>\\d{1,6})\\.)?(?<module>\\w+)(?<part>\\.weight|\\.bias)");

    GgufFamily {
        keys = Map.copyOf(keys);
        derived = Map.copyOf(derived);
        names = Map.copyOf(names);
        rearrangements = Map.copyOf(rearrangements);
    }

    /**
     * Transformers' name of a tensor.
     *
     * @param module key of {@link #names}
     */
    record Name(String module, String text) {}

    /** The name of a tensor of this family; empty for another tensor. */
    Optional<Name> name(String stored) {
        Matcher matcher = NAME.matcher(stored);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String block = matcher.group("block");
        String module = (block == null ? "" : "blk.{}.") + matcher.group("module");
        return Optional.ofNullable(names.get(module))
                .map(name -> new Name(module, name.replace("{}", block == null ? "" : block) + matcher.group("part")));
    }

    GgufFamily as(String otherModelType) {
        return new GgufFamily(otherModelType, keys, derived, names, rearrangements);
    }

    GgufFamily key(String stored, String key) {
        return new GgufFamily(modelType, with(keys, stored, key), derived, names, rearrangements);
    }

    GgufFamily derive(String key, Function<GgufFacts, Optional<?>> fact) {
        return new GgufFamily(modelType, keys, with(derived, key, fact), names, rearrangements);
    }

    GgufFamily constant(String key, boolean value) {
        return derive(key, facts -> Optional.of(value));
    }

    /** Adds a key for the presence of a tensor. */
    GgufFamily presence(String key, String tensor) {
        return derive(key, facts -> Optional.of(facts.has(tensor)));
    }

    GgufFamily name(String module, String name) {
        return new GgufFamily(modelType, keys, derived, with(names, module, name), rearrangements);
    }

    /** Removes modules that a relative has. */
    GgufFamily without(String... modules) {
        Map<String, String> fewer = new HashMap<>(names);
        fewer.keySet().removeAll(List.of(modules));
        return new GgufFamily(modelType, keys, derived, fewer, rearrangements);
    }

    GgufFamily rearranged(GgufRearrangement rearrangement, String... modules) {
        Map<String, GgufRearrangement> more = new HashMap<>(rearrangements);
        for (String module : modules) {
            more.put(module, rearrangement);
        }
        return new GgufFamily(modelType, keys, derived, names, more);
    }

    private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
        Map<String, T> more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }
}
