package dev.stratalens.cli.types;

import dev.stratalens.cli.input.Choice;
import dev.stratalens.report.prompts.PromptQuantity;
import dev.stratalens.report.prompts.PromptTypes;
import java.util.List;
import java.util.Map;

/**
 * Values of {@code --by}: what a figure of types of prompts shows.
 *
 * @param quantity the number
 */
public record PromptsView(PromptQuantity quantity) {

    /** Shorter than their names in files; statistics have theirs. */
    private static final Map<PromptQuantity, String> WORDS = Map.of(
            PromptQuantity.TARGET_PROBABILITY, "target",
            PromptQuantity.TARGET_LOG_RANK, "target-rank",
            PromptQuantity.FINAL_PROBABILITY, "final",
            PromptQuantity.FINAL_LOG_RANK, "final-rank");

    /** Every view. */
    public static final class Words extends Choice<PromptsView> {
        public Words() {
            super(all(), PromptsView::toString);
        }
    }

    /** Every view. */
    public static List<PromptsView> all() {
        return PromptQuantity.all().stream().map(PromptsView::new).toList();
    }

    /** Whether any prompt has the number. */
    public boolean isIn(PromptTypes types) {
        return types.types().stream().anyMatch(type -> type.has(quantity));
    }

    @Override
    public String toString() {
        return WORDS.getOrDefault(quantity, quantity.key());
    }
}
