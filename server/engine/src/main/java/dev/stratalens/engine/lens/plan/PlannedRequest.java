package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.text.TokenizedText;
import java.util.Optional;

/**
 * A request that fits a model.
 *
 * @param plan the plan
 * @param prompt the prompt's tokens; their byte ranges are empty arrays if the prompt was given as ids
 * @param renderedPrompt the rendered text of a chat, to which the byte ranges refer; empty for other prompts
 */
public record PlannedRequest(LensPlan plan, TokenizedText prompt, Optional<String> renderedPrompt) {

    /** The same request, which also reads the last position. */
    public PlannedRequest readingLast() {
        return new PlannedRequest(plan.readingLast(), prompt, renderedPrompt);
    }
}
