package dev.stratalens.client.internal.assembly;

import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.internal.result.TrackedColumns;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.TargetInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Puts results of the same request together whose positions follow one another.
 *
 * @param first what is known of the first part
 * @param parts all of them
 */
record JoinedColumns(ResultInfo first, List<Part> parts) {

    /**
     * A result over some positions, without the text.
     *
     * @param targetIds by target, then by position
     */
    record Part(
            List<Integer> positions,
            List<Prediction> finalTops,
            List<List<OptionalInt>> targetIds,
            List<LensColumns> lenses) {

        /** What a part has of a result. */
        static Part of(ResultInfo info, List<LensColumns> lenses) {
            return new Part(
                    info.positions(),
                    info.finalTops(),
                    info.targets().stream().map(TargetInfo::ids).toList(),
                    lenses);
        }

        /** Ids that occur in it. */
        IntStream ids() {
            IntStream cells = lenses.stream()
                    .flatMap(lens -> lens.layers().stream())
                    .flatMapToInt(layer -> Arrays.stream(layer.ids()));
            IntStream tracked = lenses.stream()
                    .flatMap(lens -> lens.tracked().stream())
                    .flatMapToInt(each -> Arrays.stream(each.ids()));
            IntStream tops = finalTops.stream().mapToInt(top -> top.token().id());
            IntStream targets = targetIds.stream().flatMap(List::stream).flatMapToInt(OptionalInt::stream);
            return Stream.of(cells, tracked, tops, targets)
                    .flatMapToInt(each -> each)
                    .distinct();
        }
    }

    /** What is known of all, over one text. */
    ResultInfo info(Optional<String> text, List<PromptToken> tokens) {
        List<Integer> positions = new ArrayList<>();
        List<Prediction> finalTops = new ArrayList<>();
        for (Part part : parts) {
            positions.addAll(part.positions());
            finalTops.addAll(part.finalTops());
        }
        return ResultInfo.builder(first.model())
                .requestId(first.requestId())
                .lenses(first.lenses())
                .readings(first.readings())
                .approximate(first.approximate())
                .prompt(text)
                .tokens(tokens)
                .readPoints(first.readPoints())
                .positions(positions)
                .k(first.k())
                .candidates(first.candidates())
                .targets(IntStream.range(0, first.targets().size())
                        .mapToObj(this::target)
                        .toList())
                .statistics(first.statistics())
                .numberForm(first.numberForm())
                .hasTrajectories(first.hasTrajectories())
                .finalTops(finalTops)
                .build();
    }

    private TargetInfo target(int index) {
        TargetInfo known = first.targets().get(index);
        List<OptionalInt> ids = parts.stream()
                .flatMap(part -> part.targetIds().get(index).stream())
                .toList();
        return TargetInfo.of(known.target(), known.tokens(), ids);
    }

    /** The columns of all, lens by lens. */
    List<LensColumns> lenses() {
        return IntStream.range(0, parts.get(0).lenses().size())
                .mapToObj(lens ->
                        join(parts.stream().map(part -> part.lenses().get(lens)).toList()))
                .toList();
    }

    private static LensColumns join(List<LensColumns> some) {
        List<TrackedColumns> tracked =
                some.stream().flatMap(each -> each.tracked().stream()).toList();
        List<LayerColumns> layers = IntStream.range(0, some.get(0).layers().size())
                .mapToObj(layer -> joinLayers(
                        some.stream().map(each -> each.layers().get(layer)).toList()))
                .toList();
        return new LensColumns(some.get(0).lens(), layers, tracked);
    }

    private static LayerColumns joinLayers(List<LayerColumns> some) {
        Map<Statistic, float[]> columns = new LinkedHashMap<>();
        for (Statistic statistic : some.get(0).columns().keySet()) {
            columns.put(statistic, floats(some, layer -> layer.column(statistic)));
        }
        return new LayerColumns(
                some.get(0).readPoint(),
                ints(some, LayerColumns::ids),
                floats(some, LayerColumns::logProbs),
                ints(some, LayerColumns::targetRanks),
                floats(some, LayerColumns::targetLogProbs),
                columns);
    }

    private static int[] ints(List<LayerColumns> some, Function<LayerColumns, int[]> column) {
        return some.stream().map(column).flatMapToInt(Arrays::stream).toArray();
    }

    private static float[] floats(List<LayerColumns> some, Function<LayerColumns, float[]> column) {
        int length = some.stream().mapToInt(layer -> column.apply(layer).length).sum();
        float[] joined = new float[length];
        int at = 0;
        for (LayerColumns layer : some) {
            float[] values = column.apply(layer);
            System.arraycopy(values, 0, joined, at, values.length);
            at += values.length;
        }
        return joined;
    }
}
