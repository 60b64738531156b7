package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.intervention.InterventionResolver;
import dev.stratalens.engine.lens.intervention.ResolvedChanges;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.change.RowChange;
import dev.stratalens.engine.model.change.RowChanges;
import dev.stratalens.engine.model.site.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The changes of all plans of a pass, by the index of their prompts. */
final class ChangedPasses implements RowChanges {

    private final Map<Integer, ResolvedChanges> byPrompt = new LinkedHashMap<>();

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
                result.attempt(() -> {
                    try (var resolver = new InterventionResolver(model, lenses, step)) {
                        changes.byPrompt.put(
                                prompt, resolver.resolve(result.plan().interventions()));
                    }
                });
            }
        }
        return changes;
    }

    @Override
    public List<RowChange> at(int block, Site site) {
        var place = new ReadPoint(block, site);
        return byPrompt.entrySet().stream()
                .flatMap(each -> each.getValue().at(place, each.getKey()).stream())
                .toList();
    }
}
