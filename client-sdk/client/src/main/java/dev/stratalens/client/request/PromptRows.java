package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import java.util.List;

/** Rows of passes over prompts, without interventions. */
@AutoValue
public abstract class PromptRows {

    PromptRows() {}

    /**
     * Rows at some positions of each prompt.
     *
     * @param prompts one or more
     * @param positions none = all. Those from the end allow prompts of several lengths
     */
    public static PromptRows of(List<Prompt> prompts, IndexRange... positions) {
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("rows need one prompt or more");
        }
        return new AutoValue_PromptRows(List.copyOf(prompts), List.of(positions));
    }

    /** The prompts, one or more. */
    public abstract List<Prompt> prompts();

    /** Tokens of each prompt; none = all. */
    public abstract List<IndexRange> positions();
}
