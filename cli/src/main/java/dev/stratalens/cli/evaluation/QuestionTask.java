package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.input.IndexSyntax;
import dev.stratalens.cli.input.TargetSyntax;
import dev.stratalens.cli.selection.EvaluationOptions;
import dev.stratalens.cli.selection.TargetOptions;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.report.analysis.TargetGroup;
import dev.stratalens.report.evaluation.WordReadings;
import java.util.List;

/**
 * Prompts, each with the words that should appear on the way to the answer as its targets.
 *
 * @param positions where they may appear, as an {@link IndexSyntax}
 * @param spellings whether another spelling of a word counts, too
 * @param passes for which k to count how often a word is among the k best tokens
 */
record QuestionTask(
        EvaluationOptions options, List<Lens> lenses, String positions, boolean spellings, List<Integer> passes)
        implements EvaluationTask {

    @Override
    public String settings() {
        return "questions %s %s positions %s spellings %s passes %s"
                .formatted(options.settings(), lenses, positions, spellings, passes);
    }

    @Override
    public List<Part> parts(LensClient client, ModelFacts model, BatchPrompt prompt) {
        List<TargetGroup> words = words(prompt, spellings);
        LensRequest.Builder request =
                LensRequest.of(prompt.prompt()).model(model.info().name());
        options.addTo(request, lenses)
                .positions(IndexSyntax.of("--positions", positions).ranges().toArray(IndexRange[]::new))
                .target(TargetOptions.members(words).toArray(LensTarget[]::new));
        return List.of(new Part(request.build(), (unit, result) -> WordReadings.add(unit, result, words, passes)));
    }

    /** The words of a question. */
    static List<TargetGroup> words(BatchPrompt prompt, boolean spellings) {
        return prompt.settings().targets().stream()
                .map(TargetSyntax::parse)
                .map(target -> spellings
                                && target instanceof LensTarget.Text text
                                && !text.text().isBlank()
                        ? TargetGroup.variantsOf(text.text())
                        : TargetGroup.of(target))
                .toList();
    }
}
