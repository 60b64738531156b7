package dev.stratalens.report.prompts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the prompts of one type have in common: mean and spread over the prompts, each of which counts once, with the mean
 * over its positions.
 *
 * @param name of the type
 * @param prompts how many there are
 * @param crystallizationLayer of their crystallization layers, block numbers; a position whose final token is not the best at
 *     the last asked block has none
 * @param curves by quantity, one a layer in the order of {@link PromptTypes#layers()}; the count says how many prompts have
 *     the number, and is 0 where it was not asked for
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
