package dev.stratalens.cli.explore.form;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.LensSettings.Switch;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.SpecialTokens;
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
 * @param lenses each as on the command line; none for the logit lens
 * @param candidates which tokens are predictions
 * @param writing how the model writes on; absent if it only reads
 * @param change what is changed in the pass; absent for none, and where the model writes
 */
public record RunForm(
        @Nullable PromptForm prompt,
        @Nullable String layers,
        @Nullable String positions,
        int topK,
        @Nullable List<String> targets,
        @Nullable String statistics,
        @Nullable Set<Switch> switches,
        @Nullable List<String> lenses,
        @Nullable String candidates,
        @Nullable WritingForm writing,
        @Nullable ChangeForm change) {

    private static final int DEFAULT_TOP_K = 5;

    /**
     * The request.
     *
     * @throws CliException if something is not understood
     */
    public LensRequest request() {
        if (prompt == null || prompt.text() == null || prompt.text().isEmpty()) {
            throw CliException.usage("the prompt is empty; type a text of one character or more.");
        }
        LensRequest.Builder request =
                settings(prompt.added()).addTo(LensRequest.of(prompt.prompt()).model(prompt.servedName()));
        return (change == null ? request : change.addTo(request)).build();
    }

    /** The same where the model writes on in another way. */
    public RunForm writing(WritingForm other) {
        return new RunForm(
                prompt, layers, positions, topK, targets, statistics, switches, lenses, candidates, other, change);
    }

    private LensSettings settings(SpecialTokens added) {
        return new LensSettings(
                or(layers, "all"),
                or(positions, "all"),
                predictions(),
                Objects.requireNonNullElse(targets, List.of()),
                or(statistics, "all"),
                added,
                Objects.requireNonNullElse(switches, Set.of()),
                Objects.requireNonNullElse(lenses, List.of()),
                or(candidates, LensSettings.MOST_LIKELY));
    }

    private int predictions() {
        int wanted = topK == 0 ? DEFAULT_TOP_K : topK;
        return change == null ? wanted : Math.max(LensSettings.LEAST_COMPARED, wanted);
    }

    private static String or(@Nullable String given, String otherwise) {
        return given == null || given.isBlank() ? otherwise : given;
    }
}
