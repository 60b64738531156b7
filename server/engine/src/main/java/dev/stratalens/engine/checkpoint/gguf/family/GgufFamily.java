package dev.stratalens.engine.checkpoint.gguf.family;

import dev.stratalens.engine.checkpoint.TensorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An architecture of GGUF files: maps its keys, tensors and their contents to those of transformers. Immutable; each
 * method returns a relative with one difference.
 *
 * @param modelType transformers' name of the family
 * @param keys GGUF's key, without the architecture before it, to the configuration's
 * @param accepted keys that change nothing: with one of these values, or with any if there are none
 * @param derived keys of the configuration without a key in the file, to their source: a number, a truth value, a text,
 *     JSON, or nothing if the file does not tell
 * @param names GGUF's name of a module, {@code blk.{}} before one of a block, to transformers'; or whole names of tensors
 * @param rearrangements modules whose numbers have another order or offset; keys as in names
 * @param joins tensors of transformers that are several in the file
 * @param made tensors of transformers that are keys in the file
 */
record GgufFamily(
        String modelType,
        Map<String, String> keys,
        Map<String, Set<Object>> accepted,
        Map<String, Function<GgufFacts, Optional<?>>> derived,
        Map<String, String> names,
        Map<String, GgufRearrangement> rearrangements,
        List<GgufJoin> joins,
        Function<GgufFacts, List<TensorInfo>> made) {

    private static final String OF_BLOCK = "blk.{}.";
    private static final Pattern NAME =
            Pattern.compile("(?:blk\\.(?<block>\\d{1,6})\\.)?(?<module>[\\w.]+?)(?<part>|\\.weight|\\.bias)");

    GgufFamily {
        keys = Map.copyOf(keys);
        accepted = Map.copyOf(accepted);
        derived = Map.copyOf(derived);
        names = Map.copyOf(names);
        rearrangements = Map.copyOf(rearrangements);
        joins = List.copyOf(joins);
    }

    static GgufFamily of(String modelType) {
        return new GgufFamily(
                modelType, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(), facts -> List.of());
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
        String module = (block == null ? "" : OF_BLOCK) + matcher.group("module");
        String whole = module + matcher.group("part");
        boolean known = names.containsKey(whole);
        return Optional.ofNullable(names.get(known ? whole : module))
                .map(name -> new Name(
                        known ? whole : module,
                        name.replace("{}", block == null ? "" : block) + (known ? "" : matcher.group("part"))));
    }

    GgufFamily as(String other) {
        return new GgufFamily(other, keys, accepted, derived, names, rearrangements, joins, made);
    }

    GgufFamily with(UnaryOperator<GgufFamily> change) {
        return change.apply(this);
    }

    /** The change, if a condition holds. */
    GgufFamily with(boolean condition, UnaryOperator<GgufFamily> change) {
        return condition ? change.apply(this) : this;
    }

    GgufFamily key(String stored, String key) {
        return new GgufFamily(
                modelType, with(keys, stored, key), accepted, derived, names, rearrangements, joins, made);
    }

    /** A key whose absence means a value, which need not be the default of transformers. */
    GgufFamily key(String stored, String key, Object missing) {
        return key(stored, key).derive(key, facts -> facts.hasKey(stored) ? Optional.empty() : Optional.of(missing));
    }

    /** A key that changes nothing: with one of these values, or with any if there are none. */
    GgufFamily accept(String stored, Object... values) {
        return new GgufFamily(
                modelType, keys, with(accepted, stored, Set.of(values)), derived, names, rearrangements, joins, made);
    }

    GgufFamily derive(String key, Function<GgufFacts, Optional<?>> fact) {
        return new GgufFamily(modelType, keys, accepted, with(derived, key, fact), names, rearrangements, joins, made);
    }

    GgufFamily constant(String key, Object value) {
        return derive(key, facts -> Optional.of(value));
    }

    /** Adds a key for the presence of a tensor; {@code {}} stands for any block. */
    GgufFamily presence(String key, String tensor) {
        return derive(key, facts -> Optional.of(facts.anyHas(tensor)));
    }

    /** Adds a key for a dimension of a tensor; {@code {}} stands for the first block that has it. */
    GgufFamily extent(String key, String tensor, int dimension) {
        return derive(key, facts -> facts.extent(tensor, dimension));
    }

    GgufFamily name(String module, String name) {
        return new GgufFamily(
                modelType, keys, accepted, derived, with(names, module, name), rearrangements, joins, made);
    }

    /** Adds names of a block's modules, which begin with a folder in transformers. */
    GgufFamily block(String folder, Map<String, String> modules) {
        Map<String, String> more = new HashMap<>(names);
        modules.forEach((module, name) -> more.put(OF_BLOCK + module, folder + name));
        return new GgufFamily(modelType, keys, accepted, derived, more, rearrangements, joins, made);
    }

    /** Removes modules of a block that a relative has. */
    GgufFamily without(String... modules) {
        Map<String, String> fewer = new HashMap<>(names);
        for (String module : modules) {
            fewer.remove(OF_BLOCK + module);
        }
        return new GgufFamily(modelType, keys, accepted, derived, fewer, rearrangements, joins, made);
    }

    /** Numbers of modules of a block, or of those outside of blocks. */
    GgufFamily rearranged(GgufRearrangement rearrangement, String... modules) {
        Map<String, GgufRearrangement> more = new HashMap<>(rearrangements);
        for (String module : modules) {
            more.put(names.containsKey(module) ? module : OF_BLOCK + module, rearrangement);
        }
        return new GgufFamily(modelType, keys, accepted, derived, names, more, joins, made);
    }

    GgufFamily joined(GgufJoin join) {
        List<GgufJoin> more = new ArrayList<>(joins);
        more.add(join);
        return new GgufFamily(modelType, keys, accepted, derived, names, rearrangements, more, made);
    }

    GgufFamily made(Function<GgufFacts, List<TensorInfo>> tensors) {
        return new GgufFamily(modelType, keys, accepted, derived, names, rearrangements, joins, tensors);
    }

    private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
        Map<String, T> more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }
}
