package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.error.ModelTooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Says what a model needs, what is free where, and what would help.
 *
 * @param cards that the model may use
 * @param requestBytes of a request on each
 * @param headBytes of the head on them; empty if it stays on the processor
 */
record Shortage(List<HostDevice> cards, long requestBytes, OptionalLong headBytes) {

    /** @param fitting the most blocks that have room */
    ModelTooLargeException of(ModelSizes sizes, int fitting) {
        long needed = sizes.total() - sizes.headBesideEmbedding() + headBytes.orElse(0) + requestBytes;
        long free = cards.stream().mapToLong(HostDevice::freeBytes).sum();
        return new ModelTooLargeException(
                ("The model needs %s on its cards: %s for the embedding, up to %s for each of %d blocks, %s, and"
                                + " %s for a request on each card. Free: %s. So %d of %d blocks have room. What helps: %s.")
                        .formatted(
                                size(needed),
                                size(sizes.embedding()),
                                size(sizes.largestBlock()),
                                sizes.blocks().size(),
                                headBytes.isPresent()
                                        ? size(headBytes.getAsLong()) + " for the head"
                                        : "nothing for the head, which stays on the processor",
                                size(requestBytes),
                                cards.stream()
                                        .map(card -> "%s %s of %s"
                                                .formatted(
                                                        card.device().name(),
                                                        size(card.freeBytes()),
                                                        size(card.totalBytes())))
                                        .collect(Collectors.joining(", ")),
                                fitting,
                                sizes.blocks().size(),
                                String.join(", ", remedies(sizes))),
                needed,
                free);
    }

    private List<String> remedies(ModelSizes sizes) {
        var remedies = new ArrayList<String>();
        if (cards.stream().anyMatch(card -> card.freeBytes() < card.totalBytes() - card.totalBytes() / 20)) {
            remedies.add("fewer models or programs on these cards");
        }
        if (sizes.computeType() == DataType.FLOAT32) {
            remedies.add("dtype: bfloat16, which takes half");
        }
        if (sizes.packed().isEmpty()) {
            remedies.add("a checkpoint with quantized weights, which can stay packed");
        }
        remedies.add("more cards");
        remedies.add("device: auto, which leaves on the processor what has no room");
        return remedies;
    }

    private static String size(long bytes) {
        return bytes >= 1L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
    }
}
