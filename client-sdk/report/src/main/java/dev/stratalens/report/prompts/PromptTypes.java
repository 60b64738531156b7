package dev.stratalens.report.prompts;

import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.result.LensResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Collects statistics over prompts by type, for any number of results. Results are not kept, so the memory is that of
 * the curves. All results must be of one model and have the same layers. Not thread-safe.
 *
 * <pre>{@code
 * PromptTypes types = new PromptTypes();
 * for (BatchOutcome outcome : client.analyzeAll(requests)) {
 *     types.add("facts", outcome.result());
 * }
 * types.types().forEach(type -> System.out.println(type.name() + " " + type.crystallizationLayer()));
 * }</pre>
 */
public final class PromptTypes {

    private static final class Collected {
        private long prompts;
        private final RunningMoments crystallization = new RunningMoments();
        private final Map<PromptQuantity, List<RunningMoments>> curves = new LinkedHashMap<>();

        Collected(int layers) {
            for (PromptQuantity quantity : PromptQuantity.all()) {
                List<RunningMoments> curve = new ArrayList<>();
                for (int layer = 0; layer < layers; layer++) {
                    curve.add(new RunningMoments());
                }
                curves.put(quantity, curve);
            }
        }

        void add(LensResult result) {
            prompts++;
            result.positions().stream()
                    .map(result::crystallizationLayer)
                    .flatMapToInt(layer -> layer.stream())
                    .average()
                    .ifPresent(crystallization::add);
            curves.forEach((quantity, curve) -> {
                for (int index = 0; index < curve.size(); index++) {
                    OptionalDouble mean = quantity.mean(result, result.layers().get(index));
                    mean.ifPresent(curve.get(index)::add);
                }
            });
        }

        PromptType type(String name) {
            Map<PromptQuantity, List<Moments>> moments = new LinkedHashMap<>();
            curves.forEach((quantity, curve) -> moments.put(
                    quantity, curve.stream().map(RunningMoments::moments).toList()));
            return new PromptType(name, prompts, crystallization.moments(), moments);
        }
    }

    private final Map<String, Collected> byName = new LinkedHashMap<>();
    private Optional<ModelInfo> model = Optional.empty();
    private Optional<Lens> lens = Optional.empty();
    private List<Integer> layers = List.of();

    /**
     * Adds a prompt.
     *
     * @throws IllegalArgumentException if it is of another model or lens, or has other layers than the ones before
     */
    public void add(String type, LensResult result) {
        if (model.isEmpty()) {
            model = Optional.of(result.model());
            lens = Optional.of(result.lens());
            layers = result.layers();
        }
        if (!model.get().equals(result.model())) {
            throw new IllegalArgumentException(
                    "a result of model %s came among those of %s; collect each model by itself"
                            .formatted(described(result.model()), described(model.get())));
        }
        if (!lens.equals(Optional.of(result.lens()))) {
            throw new IllegalArgumentException(
                    "a result read through the lens %s came among those of %s; collect each lens by itself"
                            .formatted(result.lens(), lens.get()));
        }
        if (!layers.equals(result.layers())) {
            throw new IllegalArgumentException(
                    "a result with layers %s came among those with %s; ask all prompts for the same layers"
                            .formatted(result.layers(), layers));
        }
        byName.computeIfAbsent(type, name -> new Collected(layers.size())).add(result);
    }

    private static String described(ModelInfo model) {
        return model.revision().isEmpty() ? model.name() : model.name() + "@" + model.revision();
    }

    /** The model of all results; empty before the first. */
    public Optional<ModelInfo> model() {
        return model;
    }

    /** The layers of all results; none before the first. */
    public List<Integer> layers() {
        return layers;
    }

    /** Number of added prompts. */
    public long prompts() {
        return byName.values().stream()
                .mapToLong(collected -> collected.prompts)
                .sum();
    }

    /** The statistics so far, types in the order of their first prompts. */
    public List<PromptType> types() {
        return byName.entrySet().stream()
                .map(entry -> entry.getValue().type(entry.getKey()))
                .collect(Collectors.toUnmodifiableList());
    }
}
