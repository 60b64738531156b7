package dev.stratalens.cli.batch;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.LensRequest;
import java.io.IOException;

/** Makes requests of prompts, for one model. */
public record BatchRequests(LensClient client, ModelFacts model) {

    /**
     * Checks what can be checked without reading the prompt.
     *
     * @throws CliException if layers or positions are asked for that no prompt has
     */
    public void check(BatchPrompt prompt) {
        prompt.settings().check();
        prompt.settings().layerSelection().indices(model.info().layers(), "layers");
        prompt.settings().positionSelection().indices(model.contextLength(), "tokens at most");
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

    /** The request of a prompt. */
    public LensRequest of(BatchPrompt prompt) {
        return prompt.settings()
                .addTo(prompt.request().model(model.info().name()))
                .build();
    }
}
