package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.intervention.InterventionResolver;
import dev.stratalens.engine.lens.intervention.ResolvedChanges;
import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.PromptState;
import dev.stratalens.engine.model.change.RowChange;
import dev.stratalens.engine.model.change.RowChanges;
import dev.stratalens.engine.model.site.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The changes of all plans of a pass, by the index of their prompts. */
final class ChangedPasses implements RowChanges {

    private final Map<Integer, OfText> byPrompt = new LinkedHashMap<>();

    /**
     * The changes of one plan.
     *
     * @param generated positions in the text of its tokens, if they are generated
     */
    private record OfText(ResolvedChanges changes, int[] generated) {}

    private ChangedPasses() {}

    /**
     * Resolves the changes of plans. A failure ends only the plan that it affects.
     *
     * @param betweenBlocks of passes over sources
     */
    static RowChanges of(CausalLanguageModel model, Lenses lenses, List<PlanResult> results, Runnable betweenBlocks) {
        if (results.stream().allMatch(result -> result.plan().interventions().isNone())) {
            return NONE;
        }
        var changes = new ChangedPasses();
        for (int i = 0; i < results.size(); i++) {
            PlanResult result = results.get(i);
            int prompt = i;
            if (!result.plan().interventions().isNone()) {
                Runnable step = () -> {
                    result.throwIfUnwanted();
                    betweenBlocks.run();
                };
                result.attempt(() -> changes.byPrompt.put(
                        prompt, new OfText(changes(model, lenses, result, step), generated(result))));
            }
        }
        return changes;
    }

    private static ResolvedChanges changes(
            CausalLanguageModel model, Lenses lenses, PlanResult result, Runnable betweenBlocks) {
        Supplier<ResolvedChanges> resolution = () -> {
            try (var resolver = new InterventionResolver(model, lenses, betweenBlocks)) {
                return resolver.resolve(result.plan().interventions());
            }
        };
        return result.continuation()
                .map(text -> text.changes().next(resolution))
                .orElseGet(resolution);
    }

    /** The first piece of a text is its prompt. */
    private static int[] generated(PlanResult result) {
        int past = result.state().map(PromptState::length).orElse(0);
        return past == 0
                ? new int[0]
                : IntStream.range(past, past + result.plan().tokenIds().length).toArray();
    }

    @Override
    public List<RowChange> at(int block, Site site) {
        var place = new ReadPoint(block, site);
        return byPrompt.entrySet().stream()
                .flatMap(each ->
                        each
                                .getValue()
                                .changes()
                                .at(place, each.getKey(), each.getValue().generated())
                                .stream())
                .toList();
    }
}
