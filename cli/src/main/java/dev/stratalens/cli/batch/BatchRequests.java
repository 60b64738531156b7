package dev.stratalens.cli.batch;

import dev.stratalens.client.IndexRange;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.ModelFacts;
import dev.stratalens.client.Prompt;
import dev.stratalens.client.TokenizeRequest;

/** Makes requests of prompts, for one model. */
record BatchRequests(LensClient client, ModelFacts model) {

    /**
     * Checks what can be checked without reading the prompt.
     *
     * @throws dev.stratalens.cli.failure.CliException if layers or positions are asked for that no prompt has
     */
    void check(BatchPrompt prompt) {
        begin(prompt);
        prompt.settings().positionSelection().ranges(model.contextLength(), "tokens at most");
    }

    /**
     * The request of a prompt; asks the model for its length where the positions need it.
     *
     * @throws dev.stratalens.cli.failure.CliException if the prompt has no such position
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
