package dev.stratalens.client.request;

import java.util.List;

/**
 * Rows of passes over prompts, without interventions.
 *
 * @param prompts one or more
 * @param positions tokens of each prompt; none = all. Those from the end allow prompts of several lengths
 */
public record PromptRows(List<Prompt> prompts, List<IndexRange> positions) {

    /** Copies the lists and checks that there is a prompt. */
    public PromptRows {
        prompts = List.copyOf(prompts);
        positions = List.copyOf(positions);
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("rows need one prompt or more");
        }
    }

    /** Rows at some positions of each prompt; none = all. */
    public static PromptRows of(List<Prompt> prompts, IndexRange... positions) {
        return new PromptRows(prompts, List.of(positions));
    }
}
