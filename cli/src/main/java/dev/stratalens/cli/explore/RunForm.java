package dev.stratalens.cli.explore;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.IndexSyntax;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.LensSettings.Switch;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.client.request.TokenizeRequest;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run as the page asks for it. Selections, targets and statistics are written as on the command line; what is absent is
 * the command's default.
 *
 * @param prompt what the model reads
 * @param layers blocks
 * @param positions tokens
 * @param topK predictions a cell; 0 = the default
 * @param targets tokens to follow
 * @param statistics what is computed of a cell
 * @param switches what else is wanted
 */
record RunForm(
        @Nullable PromptForm prompt,
        @Nullable String layers,
        @Nullable String positions,
        int topK,
        @Nullable List<String> targets,
        @Nullable String statistics,
        @Nullable Set<Switch> switches) {

    private static final int DEFAULT_TOP_K = 5;

    /**
     * The request. Asks the server for what the form leaves open: the text of a chat, the number of blocks, the length of
     * the prompt. Waits where the model is still being loaded.
     *
     * @throws CliException if something is not understood
     */
    LensRequest request(LensClient client) {
        if (prompt == null || prompt.text() == null || prompt.text().isEmpty()) {
            throw CliException.usage("the prompt is empty; type a text of one character or more.");
        }
        LensSettings settings = settings(prompt.added());
        settings.check();
        String model = prompt.servedName();
        String text = prompt.read(client);
        LensRequest.Builder request = settings.addTo(LensRequest.of(text).model(model), blocks(settings, client));
        if (!settings.positionSelection().isAll()) {
            int tokens = tokens(client, text);
            request.positions(
                    settings.positionSelection().ranges(tokens, "tokens").toArray(IndexRange[]::new));
        }
        return request.build();
    }

    private LensSettings settings(SpecialTokens added) {
        return new LensSettings(
                or(layers, "all"),
                or(positions, "all"),
                topK == 0 ? DEFAULT_TOP_K : topK,
                Objects.requireNonNullElse(targets, List.of()),
                or(statistics, "all"),
                added,
                Objects.requireNonNullElse(switches, Set.of()));
    }

    /** Any number will do where nobody counts. */
    private int blocks(LensSettings settings, LensClient client) {
        if (IndexSyntax.of("--layers", settings.layers()).isAll()) {
            return 1;
        }
        String model = form().servedName();
        tokens(client, ""); // loads the model, or waits for it
        return client.model(model)
                .facts()
                .orElseThrow(() -> CliException.usage("model %s is not ready; try again.".formatted(model)))
                .info()
                .layers();
    }

    private int tokens(LensClient client, String text) {
        return client.tokenize(new TokenizeRequest(form().servedName(), text, form().added()))
                .tokens()
                .size();
    }

    private PromptForm form() {
        return Objects.requireNonNull(prompt);
    }

    private static String or(@Nullable String given, String otherwise) {
        return given == null || given.isBlank() ? otherwise : given;
    }
}
