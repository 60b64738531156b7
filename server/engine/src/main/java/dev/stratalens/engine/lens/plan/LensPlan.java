package dev.stratalens.engine.lens.plan;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What to compute, in the terms of one model: every index is resolved, valid, ascending and unique. A cell is one lens at
 * one read point and one position. Arrays are not copied: treat them as read-only.
 *
 * @param tokenIds the prompt, [n]
 * @param lenses asked lenses, as asked, each once, [s]
 * @param readPoints asked read points, by depth, [r]
 * @param positions asked positions, [p]
 * @param topK predictions per cell, k
 * @param targets asked targets, [m]
 * @param statistics asked numbers of every cell
 * @param minimumPeak of trajectories: only tokens whose probability reaches this at one read point or more, and targets
 *     given by id or text; empty if no trajectories are wanted
 */
public record LensPlan(
        int[] tokenIds,
        List<RequestedLens> lenses,
        List<ReadPoint> readPoints,
        int[] positions,
        int topK,
        List<PlannedTarget> targets,
        Set<Statistic> statistics,
        OptionalDouble minimumPeak) {

    /** Copies the collections. */
    public LensPlan {
        lenses = List.copyOf(lenses);
        readPoints = List.copyOf(readPoints);
        targets = List.copyOf(targets);
        var ordered = EnumSet.noneOf(Statistic.class);
        ordered.addAll(statistics);
        statistics = Collections.unmodifiableSet(ordered);
    }

    /** Cells of the result. */
    public long cellCount() {
        return (long) lenses.size() * readPoints.size() * positions.length;
    }
}
