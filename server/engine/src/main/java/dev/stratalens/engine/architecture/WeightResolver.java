package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.Architecture.Weights;
import dev.stratalens.engine.architecture.WeightNames.Fused;
import dev.stratalens.engine.architecture.mixer.QueryKeyNorm;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.architecture.weight.WeightSource.Outputs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Resolves the slots of a family to stored tensors, from its names and a checkpoint's extents. */
record WeightResolver(WeightNames names, Extents extents, QueryKeyNorm queryKeyNorm, BlockChoices choices) {

    private static final String BLOCK = "{}";
    private static final String HEAD = "{head}";
    private static final List<String> FEED_FORWARD = List.of(Slot.GATE, Slot.UP, Slot.DOWN);
    private static final List<String> ATTENTION = List.of(
            Slot.QUERY,
            Slot.KEY,
            Slot.VALUE,
            Slot.QUERY_LATENT,
            Slot.QUERY_LATENT_NORM,
            Slot.KEY_VALUE_LATENT,
            Slot.KEY_VALUE_LATENT_NORM,
            Slot.KEY_VALUE,
            Slot.QUERY_NORM,
            Slot.KEY_NORM,
            Slot.ATTENTION_GATE,
            Slot.ATTENTION_OUTPUT);
    private static final Set<String> OUTSIDE_BLOCKS = Set.of(
            Slot.TOKEN_EMBEDDING,
            Slot.EMBEDDING_PROJECTION,
            Slot.EMBEDDING_NORM,
            Slot.FINAL_NORM,
            Slot.HEAD_PROJECTION,
            Slot.UNEMBEDDING);

    /** @param tied whether the token embedding is the head if the file has no head */
    Weights weights(boolean tied) {
        return new Weights(
                names.prefixes,
                embedding(),
                this::block,
                head(tied),
                names.computed,
                names.unweightedNorms,
                names.ignored);
    }

    private Map<String, WeightSource> embedding() {
        var slots = new HashMap<>(names.embeddingTensors);
        putProduct(slots, Slot.TOKEN_EMBEDDING);
        putProduct(slots, Slot.EMBEDDING_PROJECTION);
        putNorm(slots, Slot.EMBEDDING_NORM);
        return slots;
    }

    /** A stored head is used even if the configuration ties it to the embedding, as in transformers 5. */
    private Map<String, WeightSource> head(boolean tied) {
        var slots = new HashMap<>(names.headTensors);
        putNorm(slots, Slot.FINAL_NORM);
        putProduct(slots, Slot.HEAD_PROJECTION);
        putProduct(slots, Slot.UNEMBEDDING);
        if (tied) {
            slots.computeIfPresent(Slot.weight(Slot.UNEMBEDDING), (slot, source) -> source.optional());
        }
        return slots;
    }

    private Map<String, WeightSource> block(int block) {
        var slots = new HashMap<String, WeightSource>();
        names.norms.keySet().stream()
                .filter(slot -> !OUTSIDE_BLOCKS.contains(slot))
                .forEach(slot -> putNorm(slots, slot));
        names.products.keySet().stream()
                .filter(slot -> !OUTSIDE_BLOCKS.contains(slot))
                .forEach(slot -> putProduct(slots, slot));
        names.fused.forEach(fused -> putFused(slots, fused));
        slots.putAll(names.blockTensors);
        choices.mixture
                .filter(some -> some.blocks().test(block))
                .ifPresent(some -> replace(slots, FEED_FORWARD, some.weights().slots()));
        choices.mixedAt(block).ifPresent(some -> {
            replace(slots, ATTENTION, some.weights());
            if (some.weights().isEmpty()) {
                replace(slots, List.of(Slot.ATTENTION_NORM), Map.of());
            }
        });
        if (!choices.feedForward.test(block)) {
            replace(slots, FEED_FORWARD, Map.of());
            replace(slots, List.of(Slot.FEED_FORWARD_NORM), Map.of());
        }
        choices.differing.stream()
                .filter(some -> some.blocks().test(block))
                .forEach(some -> replace(
                        slots, some.without(), some.weights().apply(block).slots()));
        slots.replaceAll((slot, source) -> source.named(BLOCK, String.valueOf(block)));
        return slots;
    }

    private static void replace(Map<String, WeightSource> slots, List<String> parts, Map<String, WeightSource> others) {
        for (String part : parts) {
            slots.remove(Slot.weight(part));
            slots.remove(Slot.bias(part));
        }
        slots.putAll(others);
    }

    private void putNorm(Map<String, WeightSource> slots, String slot) {
        String name = names.norms.get(slot);
        if (name == null) {
            return;
        }
        if (slot.equals(Slot.QUERY_NORM) || slot.equals(Slot.KEY_NORM)) {
            putQueryKeyNorm(slots, slot, name);
        } else {
            putVectors(slots, slot, name, extents.hidden(), names.normBias);
        }
    }

    private void putQueryKeyNorm(Map<String, WeightSource> slots, String slot, String name) {
        int heads = slot.equals(Slot.QUERY_NORM) ? extents.heads() : extents.keyValueHeads();
        long size = extents.headSize();
        if (queryKeyNorm == QueryKeyNorm.ALL_HEADS) {
            putVectors(slots, slot, name, heads * size, names.normBias);
            return;
        }
        switch (names.queryKeyNormWeights) {
            case SHARED -> putVectors(slots, slot, name, size, names.normBias);
            case EACH_IN_ONE_TENSOR ->
                slots.put(Slot.weight(slot), WeightSource.whole(name + ".weight", (long) heads, size));
            case EACH_IN_ITS_OWN_TENSOR -> {
                for (int head = 0; head < heads; head++) {
                    String tensor = name.replace(HEAD, String.valueOf(head)) + ".weight";
                    slots.put(Slot.weight(slot) + "/" + head, WeightSource.whole(tensor, size));
                }
            }
        }
    }

    private static void putVectors(Map<String, WeightSource> slots, String slot, String name, long size, boolean bias) {
        slots.put(Slot.weight(slot), WeightSource.whole(name + ".weight", size));
        if (bias) {
            slots.put(Slot.bias(slot), WeightSource.whole(name + ".bias", size));
        }
    }

    private void putProduct(Map<String, WeightSource> slots, String slot) {
        String name = names.products.get(slot);
        if (name == null) {
            return;
        }
        long outputs = outputs(slot);
        slots.put(
                Slot.weight(slot),
                OUTSIDE_BLOCKS.contains(slot)
                        ? WeightSource.whole(name + ".weight", outputs, inputs(slot))
                        : matrix(name, outputs, inputs(slot)));
        if (names.biased.contains(slot)) {
            slots.put(Slot.bias(slot), WeightSource.whole(name + ".bias", outputs));
        }
    }

    private void putFused(Map<String, WeightSource> slots, Fused fused) {
        long total = fused.slots().stream().mapToLong(this::outputs).sum();
        long first = 0;
        for (String slot : fused.slots()) {
            long outputs = outputs(slot);
            var part = new Outputs(first, outputs, fused.groups(), total / fused.groups());
            slots.put(
                    Slot.weight(slot), matrix(fused.name(), total, inputs(slot)).part(part));
            if (names.biased.contains(slot)) {
                slots.put(
                        Slot.bias(slot),
                        WeightSource.whole(fused.name() + ".bias", total).part(part));
            }
            first += outputs / fused.groups();
        }
    }

    private WeightSource matrix(String name, long outputs, long inputs) {
        return names.inputsFirst
                ? WeightSource.transposed(name + ".weight", outputs, inputs)
                : WeightSource.whole(name + ".weight", outputs, inputs);
    }

    private long outputs(String slot) {
        return switch (slot) {
            case Slot.QUERY, Slot.ATTENTION_GATE -> extents.queryWidth();
            case Slot.KEY, Slot.VALUE -> extents.keyValueWidth();
            case Slot.GATE, Slot.UP -> extents.inner();
            case Slot.TOKEN_EMBEDDING, Slot.UNEMBEDDING -> extents.vocabulary();
            case Slot.HEAD_PROJECTION -> extents.embeddingSize();
            default -> extents.hidden();
        };
    }

    private long inputs(String slot) {
        return switch (slot) {
            case Slot.ATTENTION_OUTPUT -> extents.queryWidth();
            case Slot.DOWN -> extents.inner();
            case Slot.TOKEN_EMBEDDING, Slot.EMBEDDING_PROJECTION, Slot.UNEMBEDDING -> extents.embeddingSize();
            default -> extents.hidden();
        };
    }
}
