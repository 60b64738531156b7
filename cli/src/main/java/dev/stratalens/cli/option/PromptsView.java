package dev.stratalens.cli.option;

import dev.stratalens.report.prompts.PromptQuantity;
import dev.stratalens.report.prompts.PromptTypes;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

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

    /** For help and completion. */
    public static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return all().stream().map(PromptsView::toString).iterator();
        }
    }

    /** Every view. */
    public static List<PromptsView> all() {
        return PromptQuantity.all().stream().map(PromptsView::new).toList();
    }

    /** Reads a view; refuses with the list of what there is. */
    static PromptsView parse(String text) {
        return all().stream()
                .filter(view -> view.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "\"%s\" is none of %s".formatted(text, String.join(", ", new Words()))));
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
