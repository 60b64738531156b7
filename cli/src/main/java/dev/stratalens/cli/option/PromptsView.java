package dev.stratalens.cli.option;

import dev.stratalens.report.analysis.PromptQuantity;
import dev.stratalens.report.analysis.PromptTypes;

/** Values of {@code --by}: what a figure of types of prompts shows. */
public enum PromptsView {
    /** Probability of the target. */
    TARGET(PromptQuantity.TARGET_PROBABILITY),
    /** Rank of the target. */
    TARGET_RANK(PromptQuantity.TARGET_LOG_RANK),
    /** Probability of the model's own prediction. */
    FINAL(PromptQuantity.FINAL_PROBABILITY),
    /** Rank of the model's own prediction. */
    FINAL_RANK(PromptQuantity.FINAL_LOG_RANK),
    /** Entropy. */
    ENTROPY(PromptQuantity.ENTROPY),
    /** KL to final. */
    KL(PromptQuantity.KL_FROM_FINAL);

    private final PromptQuantity quantity;

    PromptsView(PromptQuantity quantity) {
        this.quantity = quantity;
    }

    public PromptQuantity quantity() {
        return quantity;
    }

    public boolean isIn(PromptTypes types) {
        return types.types().stream().anyMatch(type -> type.has(quantity));
    }

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
