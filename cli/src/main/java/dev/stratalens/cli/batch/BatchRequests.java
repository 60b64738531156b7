package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.TokenizeRequest;
import java.io.IOException;

/** Makes requests of prompts, for one model. */
public record BatchRequests(LensClient client, ModelFacts model) {

    /**
     * Checks what can be checked without reading the prompt.
     *
     * @throws CliException if layers or positions are asked for that no prompt has
     */
    void check(BatchPrompt prompt) {
        begin(prompt);
        prompt.settings().positionSelection().ranges(model.contextLength(), "tokens at most");
    }

    /**
     * Checks so all prompts of a file.
     *
     * @throws CliException if layers or positions are asked for that no prompt has; names the line
     */
    void checkAll(PromptFile prompts) throws IOException {
        try (PromptLines reader = new PromptLines(prompts)) {
            for (BatchPrompt prompt = reader.next(); prompt != null; prompt = reader.next()) {
                try {
                    check(prompt);
                } catch (CliException e) {
                    throw new CliException(
                            ExitCode.USAGE, "%s: %s".formatted(prompts.place(prompt.line()), e.getMessage()), e);
                }
            }
        }
    }

    /**
     * The request of a prompt; asks the model for its length where the positions need it.
     *
     * @throws CliException if the prompt has no such position
     */
    LensRequest of(BatchPrompt prompt) {
        LensRequest.Builder request = begin(prompt);
        var positions = prompt.settings().positionSelection();
        if (!positions.isAll()) {
            request.positions(positions.ranges(tokens(prompt), "tokens").toArray(IndexRange[]::new));
        }
        return request.build();
    }

    private LensRequest.Builder begin(BatchPrompt prompt) {
        return prompt.settings()
                .addTo(prompt.request().model(model.info().name()), model.info().layers());
    }

    private int tokens(BatchPrompt prompt) {
        if (prompt.prompt() instanceof Prompt.TokenIds ids) {
            return ids.ids().size();
        }
        String text = ((Prompt.Text) prompt.prompt()).text();
        return client.tokenize(new TokenizeRequest(
                        model.info().name(), text, prompt.settings().specialTokens()))
                .tokens()
                .size();
    }
}
