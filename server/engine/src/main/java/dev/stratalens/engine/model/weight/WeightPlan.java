package dev.stratalens.engine.model.weight;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.Architecture.Weights;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.architecture.weight.WeightSource.Presence;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stored tensors of the slots of the generic block. A plan exists only if every stored tensor is used or known to
 * be unused, and every shape and type is right. It is made before anything is mapped.
 *
 * @param embedding slots before the first block
 * @param blocks slots of each block
 * @param head slots after the last block, the unembedding included
 * @param tiedHead whether the unembedding is the token embedding
 * @param leftOut stored tensors that are known but not used, by name without the family's prefix
 */
public record WeightPlan(
        Map<String, PlacedWeight> embedding,
        List<Map<String, PlacedWeight>> blocks,
        Map<String, PlacedWeight> head,
        boolean tiedHead,
        Map<String, TensorInfo> leftOut) {

    private static final int NAMED_OFFENDERS = 8;
    private static final String TOKEN_EMBEDDING = Slot.weight(Slot.TOKEN_EMBEDDING);
    private static final String UNEMBEDDING = Slot.weight(Slot.UNEMBEDDING);

    /**
     * Fills the slots.
     *
     * @throws InvalidCheckpointException with all tensors that are missing, unexpected or wrong
     */
    public static WeightPlan of(Architecture architecture, Map<String, TensorInfo> stored) {
        return new Matcher(architecture, stored).plan();
    }

    /** Distinct stored tensors of the plan. */
    public Set<TensorInfo> tensors() {
        return Stream.concat(Stream.of(embedding, head), blocks.stream())
                .flatMap(slots -> slots.values().stream())
                .map(PlacedWeight::tensor)
                .collect(Collectors.toSet());
    }

    /** Types of the stored tensors, except those that stay in float32 in every compute type. */
    public Set<StoredType> types() {
        return Stream.concat(Stream.of(embedding, head), blocks.stream())
                .flatMap(slots -> slots.entrySet().stream())
                .filter(slot -> !Slot.isExact(slot.getKey()))
                .map(slot -> slot.getValue().tensor().type())
                .collect(Collectors.toSet());
    }

    private static final class Matcher {

        private final Architecture architecture;
        private final Weights weights;
        private final Map<String, TensorInfo> byPlainName = new TreeMap<>();
        private final Set<String> used = new HashSet<>();
        private final Set<String> missing = new TreeSet<>();
        private final Set<String> wrong = new TreeSet<>();
        private final Set<String> unexpected = new TreeSet<>();
        private final Map<String, TensorInfo> leftOut = new TreeMap<>();

        Matcher(Architecture architecture, Map<String, TensorInfo> stored) {
            this.architecture = architecture;
            this.weights = architecture.weights();
            stored.forEach((name, tensor) -> {
                if (byPlainName.put(plain(name), tensor) != null) {
                    unexpected.add(name + " (stored with and without the prefix)");
                }
            });
        }

        private String plain(String name) {
            return weights.prefixes().stream()
                    .filter(name::startsWith)
                    .findFirst()
                    .map(prefix -> name.substring(prefix.length()))
                    .orElse(name);
        }

        WeightPlan plan() {
            Map<String, PlacedWeight> embedding = place(weights.embedding());
            var blocks = new ArrayList<Map<String, PlacedWeight>>();
            for (int block = 0; block < architecture.extents().blocks(); block++) {
                blocks.add(place(weights.block().apply(block)));
            }
            Map<String, PlacedWeight> head = place(weights.head());
            embedThroughTheHead(embedding, head);
            byPlainName.forEach((name, tensor) -> {
                if (used.contains(name)) {
                    return;
                }
                if (weights.ignored().stream()
                        .anyMatch(pattern -> pattern.matcher(name).matches())) {
                    leftOut.put(name, tensor);
                } else {
                    unexpected.add(tensor.name());
                }
            });
            refuseOffenders();
            PlacedWeight embedded = requireNonNull(embedding.get(TOKEN_EMBEDDING));
            PlacedWeight stored = head.putIfAbsent(UNEMBEDDING, embedded);
            return new WeightPlan(embedding, blocks, head, stored == null || stored.equals(embedded), leftOut);
        }

        /** A file of a tied model may have the shared matrix under the head's name. */
        private void embedThroughTheHead(Map<String, PlacedWeight> embedding, Map<String, PlacedWeight> head) {
            WeightSource stored = weights.head().get(UNEMBEDDING);
            PlacedWeight only = head.get(UNEMBEDDING);
            if (stored != null
                    && only != null
                    && stored.presence() == Presence.OPTIONAL
                    && !embedding.containsKey(TOKEN_EMBEDDING)) {
                missing.remove(
                        requireNonNull(weights.embedding().get(TOKEN_EMBEDDING)).tensor());
                embedding.put(TOKEN_EMBEDDING, only);
            }
        }

        private Map<String, PlacedWeight> place(Map<String, WeightSource> slots) {
            var placed = new HashMap<String, PlacedWeight>();
            slots.forEach((slot, wanted) -> {
                WeightSource source = spelling(wanted);
                TensorInfo tensor = numbers(slot, byPlainName.get(source.tensor()));
                if (tensor != null) {
                    used.add(source.tensor());
                    check(source, tensor);
                    placed.put(slot, new PlacedWeight(source, tensor));
                } else if (source.presence() == Presence.REQUIRED) {
                    missing.add(source.tensor());
                }
            });
            return placed;
        }

        /** Only this slot may be filled with whole numbers. */
        private static @Nullable TensorInfo numbers(String slot, @Nullable TensorInfo tensor) {
            return tensor != null
                            && slot.equals(Slot.EXPERTS_OF_TOKEN)
                            && Set.of(StoredType.I64, StoredType.I32).contains(tensor.type())
                    ? tensor.decodedWholeNumbers()
                    : tensor;
        }

        /** The first place of the right shape, else the first that the file has, else the usual one. */
        private WeightSource spelling(WeightSource usual) {
            List<WeightSource> stored = Stream.iterate(
                            Optional.of(usual), Optional::isPresent, some -> some.flatMap(WeightSource::otherwise))
                    .map(Optional::orElseThrow)
                    .filter(source -> byPlainName.containsKey(source.tensor()))
                    .toList();
            return stored.stream()
                    .filter(source -> shape(requireNonNull(byPlainName.get(source.tensor())))
                            .equals(source.storedShape()))
                    .findFirst()
                    .or(() -> stored.stream().findFirst())
                    .orElse(usual);
        }

        private static List<Long> shape(TensorInfo tensor) {
            return Arrays.stream(tensor.shape()).boxed().toList();
        }

        private void check(WeightSource source, TensorInfo tensor) {
            List<Long> shape = shape(tensor);
            if (!shape.equals(source.storedShape())) {
                wrong.add("%s has shape %s instead of %s".formatted(tensor.name(), shape, source.storedShape()));
            } else if (tensor.type().weightType().isEmpty()) {
                wrong.add("%s has type %s instead of F32, F16 or BF16".formatted(tensor.name(), tensor.type()));
            }
        }

        private void refuseOffenders() {
            var sentences = new ArrayList<String>();
            describe(sentences, "missing", missing);
            describe(sentences, "unexpected", unexpected);
            describe(sentences, "wrong", wrong);
            if (!sentences.isEmpty()) {
                String file = Checkpoint.fileOf(byPlainName.values());
                Wrapper.around(byPlainName.keySet()).ifPresent(wrapper -> {
                    throw new InvalidCheckpointException(
                            Problem.TENSORS, file, List.of(wrapper.prefix()), wrapper.message(file));
                });
                throw new InvalidCheckpointException(
                        Problem.TENSORS,
                        file,
                        Stream.of(missing, unexpected, wrong)
                                .flatMap(Set::stream)
                                .toList(),
                        "The weights in %s are not those of a %s model with this configuration: %s. Check that both come from the same checkpoint."
                                .formatted(file, architecture.modelType(), String.join("; ", sentences)));
            }
        }

        private static void describe(List<String> sentences, String kind, Set<String> offenders) {
            if (!offenders.isEmpty()) {
                String named = offenders.stream().limit(NAMED_OFFENDERS).collect(Collectors.joining(", "));
                String more = offenders.size() > NAMED_OFFENDERS
                        ? " and %d more".formatted(offenders.size() - NAMED_OFFENDERS)
                        : "";
                sentences.add("%d %s: %s%s".formatted(offenders.size(), kind, named, more));
            }
        }
    }
}
