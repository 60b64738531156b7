package dev.stratalens.report.prompts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Statistics over the prompts of one type: mean and spread. Each prompt counts once, with the mean over its positions.
 *
 * @param name of the type
 * @param prompts number of prompts
 * @param crystallizationLayer of their crystallization layers, as block numbers; a position has none if its final token
 *     is not the best at the last requested block
 * @param curves by quantity, one per layer in the order of {@link PromptTypes#layers()}; the count is the number of
 *     prompts that have it, 0 if it was not requested
 */
public record PromptType(
        String name, long prompts, Moments crystallizationLayer, Map<PromptQuantity, List<Moments>> curves) {

    /** Copies the curves. */
    public PromptType {
        Map<PromptQuantity, List<Moments>> copy = new HashMap<>();
        curves.forEach((quantity, curve) -> copy.put(quantity, List.copyOf(curve)));
        curves = Map.copyOf(copy);
    }

    /** The curve of a quantity. */
    public List<Moments> curve(PromptQuantity quantity) {
        return curves.getOrDefault(quantity, List.of());
    }

    /** Whether any prompt has the quantity. */
    public boolean has(PromptQuantity quantity) {
        return curve(quantity).stream().anyMatch(moments -> moments.count() > 0);
    }
}
