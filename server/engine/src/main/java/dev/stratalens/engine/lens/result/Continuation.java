package dev.stratalens.engine.lens.result;

import dev.stratalens.engine.lens.intervention.TextChanges;
import dev.stratalens.engine.model.PromptState;
import java.util.Optional;

/**
 * What makes the tokens of a plan the next ones of a longer text.
 *
 * @param state of the tokens before them; the pass adds those of the plan
 * @param next the token after them, which the pass finds; the plan then reads its last token. Empty if the text ends with the plan
 * @param changes of the text: the pass of the prompt finds their numbers, those of generated tokens use them
 */
public record Continuation(PromptState state, Optional<NextToken> next, TextChanges changes) {

    /** Of a text without changes. */
    public Continuation(PromptState state, Optional<NextToken> next) {
        this(state, next, new TextChanges());
    }
}
