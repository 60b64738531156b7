package dev.stratalens.cli.analysis;

import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.report.figure.ColorScale;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMap.Cell;
import dev.stratalens.report.figure.HeatMap.Column;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Shares as a heat map: a row for each block, a column for each attention head, and one for the feed-forward. */
final class AttributionMap {

    private AttributionMap() {}

    static HeatMap of(AttributionView view, int position) {
        List<Integer> blocks =
                IntStream.range(0, view.result().model().layers()).boxed().toList();
        var columns = new ArrayList<Column>();
        for (int head = 0; head < view.heads(); head++) {
            int index = head;
            columns.add(column(
                    "head " + head,
                    blocks,
                    block -> index < view.attribution().heads(block)
                            ? view.headShare(block, index, position)
                            : OptionalDouble.empty()));
        }
        columns.add(column("attention", blocks, block -> share(view, block, Site.ATTENTION_OUTPUT, position)));
        columns.add(column("feed-forward", blocks, block -> share(view, block, Site.FEED_FORWARD_OUTPUT, position)));
        double bound = columns.stream()
                .flatMap(column -> column.cells().stream())
                .mapToDouble(cell -> Double.isNaN(cell.value()) ? 0 : Math.abs(cell.value()))
                .max()
                .orElse(0);
        return new HeatMap(
                "What attention heads and feed-forwards write toward %s after %s (position %d)"
                        .formatted(view.tokens(position), view.result().display(position), position),
                HeatMaps.note(view.result()),
                "layer",
                blocks.stream().map(HeatMaps::layerName).toList(),
                List.of("part"),
                columns,
                ColorScale.diverging("share of the logit", "nats", bound));
    }

    private static OptionalDouble share(AttributionView view, int block, Site site, int position) {
        ReadPoint part = ReadPoint.of(block, site);
        return view.attribution().parts().contains(part) ? view.share(part, position) : OptionalDouble.empty();
    }

    private static Column column(String name, List<Integer> blocks, IntFunction<OptionalDouble> shares) {
        return new Column(
                List.of(name),
                blocks.stream()
                        .map(block -> {
                            OptionalDouble share = shares.apply(block);
                            return share.isEmpty()
                                    ? Cell.EMPTY
                                    : new Cell("", share.getAsDouble(), NumberText.signed(share.getAsDouble()));
                        })
                        .toList());
    }
}
