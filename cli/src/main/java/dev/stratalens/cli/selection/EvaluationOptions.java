package dev.stratalens.cli.selection;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.input.LensSettings.Switch;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.SpecialTokens;
import java.util.List;
import java.util.stream.Stream;

/** Which lenses are evaluated, and at which layers. */
public final class EvaluationOptions extends LensSelection {

    /** As many as a request takes. */
    private static final int MOST_LENSES = 8;

    @Override
    LensSettings settings(SpecialTokens specialTokens) {
        return new LensSettings(layers, "all", 1, List.of(), "none", specialTokens, switches(), lenses);
    }

    /** Also evaluates what enters block 0. */
    public void includeEmbedding() {
        embedding = true;
    }

    /** Whether every layer is evaluated. */
    public boolean isEveryLayer() {
        return layers.equals("all");
    }

    /**
     * The lenses: those that were named, or else the logit lens and the fitted ones of the model.
     *
     * @throws CliException if these are more than a request takes
     */
    public List<Lens> lenses(ModelFacts model) {
        if (!lenses.isEmpty() || switches().contains(Switch.NO_FINAL_NORM)) {
            return settings().addTo(LensRequest.of("any")).build().lenses();
        }
        List<Lens> all = Stream.concat(
                        Stream.of(Lens.logit()),
                        model.lenses().stream().map(LensInfo::name).map(Lens::transport))
                .toList();
        if (all.size() > MOST_LENSES) {
            throw CliException.usage(
                    "the model has %d fitted lenses, and %d lenses can be evaluated at once; name them by --lens."
                            .formatted(all.size() - 1, MOST_LENSES));
        }
        return all;
    }

    /** Adds all that was chosen, with these lenses. */
    public LensRequest.Builder addTo(LensRequest.Builder request, List<Lens> chosen) {
        return settings().addTo(request).lenses(chosen.toArray(Lens[]::new));
    }
}
