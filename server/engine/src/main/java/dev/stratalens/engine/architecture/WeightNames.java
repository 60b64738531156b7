package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.weight.QueryKeyNormWeights;
import dev.stratalens.engine.architecture.weight.WeightSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Stored names of a family's parts, without {@code .weight} and {@code .bias}, and parts that are not stored. Shapes follow from the parts. */
final class WeightNames {

    /** Several products in one tensor. */
    record Fused(String name, int groups, List<String> slots) {}

    final Map<String, String> norms = new LinkedHashMap<>();
    final Map<String, String> products = new LinkedHashMap<>();
    final List<Fused> fused = new ArrayList<>();
    final Set<String> biased = new HashSet<>();
    final Map<String, WeightSource> embeddingTensors = new LinkedHashMap<>();
    final Map<String, WeightSource> blockTensors = new LinkedHashMap<>();
    final Map<String, WeightSource> headTensors = new LinkedHashMap<>();
    final Set<String> unweightedNorms = new LinkedHashSet<>();
    /** Vectors that no file holds, by slot and block. */
    final Map<String, IntFunction<float[]>> computed = new LinkedHashMap<>();

    final List<Pattern> ignored = new ArrayList<>();
    /** Optional beginnings, longest first. */
    List<String> prefixes = List.of();

    boolean normBias;
    boolean inputsFirst;
    QueryKeyNormWeights queryKeyNormWeights = QueryKeyNormWeights.SHARED;

    void product(String slot, String name) {
        remove(slot);
        products.put(slot, name);
    }

    void unweightedNorm(String slot) {
        remove(slot);
        unweightedNorms.add(slot);
    }

    void fused(String name, int groups, List<String> slots) {
        slots.forEach(this::remove);
        fused.add(new Fused(name, groups, slots));
    }

    void rename(String beginning, String other) {
        UnaryOperator<String> renamed =
                name -> name.startsWith(beginning) ? other + name.substring(beginning.length()) : name;
        norms.replaceAll((slot, name) -> renamed.apply(name));
        products.replaceAll((slot, name) -> renamed.apply(name));
        fused.replaceAll(group -> new Fused(renamed.apply(group.name()), group.groups(), group.slots()));
    }

    void bias(boolean present, List<String> slots) {
        if (present) {
            biased.addAll(slots);
        } else {
            slots.forEach(biased::remove);
        }
    }

    void remove(String slot) {
        norms.remove(slot);
        products.remove(slot);
        unweightedNorms.remove(slot);
        fused.removeIf(group -> group.slots().contains(slot));
    }
}
