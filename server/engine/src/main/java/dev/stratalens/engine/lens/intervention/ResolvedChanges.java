package dev.stratalens.engine.lens.intervention;

import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.model.change.RowChange;
import dev.stratalens.engine.model.change.RowOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The changes of one plan with all numbers known, by place, in the order in which they act. */
public final class ResolvedChanges {

    private final Map<ReadPoint, List<Resolved>> byPlace;

    /** @param heads some of those of the change */
    private record Resolved(Interventions.Change change, int[] heads, int headCount, RowOperation operation) {

        Resolved withoutPrompt() {
            return new Resolved(change.withoutPrompt(), heads, headCount, operation);
        }
    }

    ResolvedChanges() {
        this(new HashMap<>());
    }

    private ResolvedChanges(Map<ReadPoint, List<Resolved>> byPlace) {
        this.byPlace = byPlace;
    }

    /** Those that change generated tokens. */
    ResolvedChanges ofGenerated() {
        var later = new HashMap<ReadPoint, List<Resolved>>();
        byPlace.forEach((place, all) -> {
            List<Resolved> some = all.stream()
                    .filter(each -> each.change().reachesGenerated())
                    .map(Resolved::withoutPrompt)
                    .toList();
            if (!some.isEmpty()) {
                later.put(place, some);
            }
        });
        return new ResolvedChanges(later);
    }

    void add(ReadPoint place, Interventions.Change change, int[] heads, int headCount, RowOperation operation) {
        byPlace.computeIfAbsent(place, at -> new ArrayList<>()).add(new Resolved(change, heads, headCount, operation));
    }

    /** The changes of the tokens of the prompt. */
    public List<RowChange> at(ReadPoint place, int prompt) {
        return at(place, prompt, new int[0]);
    }

    /**
     * The changes of the tokens of the prompt and of a generation.
     *
     * @param prompt index of the prompt in the pass
     * @param generated positions of generated tokens, after those of the prompt
     */
    public List<RowChange> at(ReadPoint place, int prompt, int[] generated) {
        return byPlace.getOrDefault(place, List.of()).stream()
                .map(each -> new RowChange(
                        prompt, positions(each.change(), generated), each.heads(), each.headCount(), each.operation()))
                .toList();
    }

    private static int[] positions(Interventions.Change change, int[] generated) {
        return change.reachesGenerated()
                ? IntStream.concat(IntStream.of(change.positions()), IntStream.of(generated))
                        .toArray()
                : change.positions();
    }
}
