package dev.stratalens.client.result;

import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of a run before its first layer.
 *
 * @param requestId as in the request
 * @param model the model that answers
 * @param lenses the lenses of the run, in the order that they were asked for
 * @param approximate whether ranks, entropy and KL come from low-precision logits
 * @param prompt the prompt's text, of a chat the text that the model's template made of it; empty where ids were sent
 * @param tokens the prompt's tokens
 * @param readPoints where the lenses read, in order of depth
 * @param positions token positions of the run, ascending
 * @param k predictions per cell
 * @param targets the asked targets
 * @param statistics the statistics that every cell has
 * @param numberForm how numbers travel
 * @param hasTrajectories whether there are trajectories
 * @param finalTops the model's own best token at each position, in the order of {@code positions}
 */
public record ResultInfo(
        String requestId,
        ModelInfo model,
        List<Lens> lenses,
        boolean approximate,
        Optional<String> prompt,
        List<PromptToken> tokens,
        List<ReadPoint> readPoints,
        List<Integer> positions,
        int k,
        List<TargetInfo> targets,
        Set<Statistic> statistics,
        NumberForm numberForm,
        boolean hasTrajectories,
        List<Prediction> finalTops) {

    /** Copies collections. */
    public ResultInfo {
        lenses = List.copyOf(lenses);
        tokens = List.copyOf(tokens);
        readPoints = List.copyOf(readPoints);
        positions = List.copyOf(positions);
        targets = List.copyOf(targets);
        statistics = Statistic.setOf(statistics);
        finalTops = List.copyOf(finalTops);
    }

    /**
     * The model's own best token at a position, whatever layers were asked for.
     *
     * @throws IllegalArgumentException if the position was not asked for
     */
    public Prediction finalTop(int position) {
        return finalTops.get(positionIndex(position));
    }

    /**
     * The vocabulary id of a target at a position; empty where there is none.
     *
     * @param targetIndex index into {@link #targets()}
     * @throws IllegalArgumentException if there is no such target or the position was not asked for
     */
    public OptionalInt targetToken(int targetIndex, int position) {
        return targets.get(requireTarget(targetIndex)).ids().get(positionIndex(position));
    }

    /** The layers of the run, ascending; -1 is the embedding. */
    public List<Integer> layers() {
        return readPoints.stream().map(ReadPoint::layer).toList();
    }

    /**
     * Place of a target in {@link #targets()}.
     *
     * @throws IllegalArgumentException if the target was not asked for
     */
    public int targetIndex(LensTarget target) {
        for (int index = 0; index < targets.size(); index++) {
            if (targets.get(index).target().equals(target)) {
                return index;
            }
        }
        throw new IllegalArgumentException("target " + target + " was not asked for; this run has "
                + targets.stream().map(TargetInfo::target).toList());
    }

    int positionIndex(int position) {
        return indexOf(position, positions, "position");
    }

    int requireTarget(int targetIndex) {
        if (targetIndex < 0 || targetIndex >= targets.size()) {
            throw new IllegalArgumentException(
                    "target index " + targetIndex + " does not exist; " + targets.size() + " targets were asked for");
        }
        return targetIndex;
    }

    static <T extends Comparable<T>> int indexOf(T wanted, List<T> ascending, String what) {
        int index = Collections.binarySearch(ascending, wanted);
        if (index < 0) {
            throw new IllegalArgumentException(
                    what + " " + wanted + " was not asked for; this run has " + listed(ascending));
        }
        return index;
    }

    private static String listed(List<? extends Comparable<?>> ascending) {
        int last = ascending.size() - 1;
        if (last > 1
                && ascending.get(0) instanceof Integer from
                && ascending.get(last) instanceof Integer to
                && to - from == last) {
            return from + " .. " + to;
        }
        return ascending.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
