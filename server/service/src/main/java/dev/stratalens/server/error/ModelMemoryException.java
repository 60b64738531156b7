package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;
import java.util.List;
import java.util.stream.Collectors;

/** A model does not fit into the memory that the server has for models. */
public final class ModelMemoryException extends LensFailure {

    private final String model;
    private final long neededBytes;
    private final long budgetBytes;
    private final List<Holder> holders;

    /**
     * A model that takes memory and cannot be unloaded for another.
     *
     * @param bytes of its weights
     */
    public record Holder(String name, long bytes) {

        @Override
        public String toString() {
            return "\"%s\" (%,d)".formatted(name, bytes);
        }
    }

    /** @param holders models in use; empty where the model alone is larger than the budget */
    public ModelMemoryException(String model, long neededBytes, long budgetBytes, List<Holder> holders) {
        super("Model \"%s\" needs %,d bytes; the memory budget for models is %,d%s"
                .formatted(
                        model,
                        neededBytes,
                        budgetBytes,
                        neededBytes > budgetBytes
                                ? ". Raise memory-budget, or serve a smaller model."
                                : ", and %s. Try again when one of them is not, or raise memory-budget."
                                        .formatted(inUse(holders))));
        this.model = model;
        this.neededBytes = neededBytes;
        this.budgetBytes = budgetBytes;
        this.holders = List.copyOf(holders);
    }

    private static String inUse(List<Holder> holders) {
        return holders.isEmpty()
                ? "others are in use"
                : "these are in use: " + holders.stream().map(Holder::toString).collect(Collectors.joining(", "));
    }

    /** The same, for callers who may not know of other models. */
    public ModelMemoryException withoutHolders() {
        return new ModelMemoryException(model, neededBytes, budgetBytes, List.of());
    }

    public String model() {
        return model;
    }

    public long neededBytes() {
        return neededBytes;
    }

    public long budgetBytes() {
        return budgetBytes;
    }

    public List<Holder> holders() {
        return holders;
    }
}
