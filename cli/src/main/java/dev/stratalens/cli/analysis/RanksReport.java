package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.AnalysisPage;
import dev.stratalens.cli.form.Picture;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.AnalysisCharts;
import dev.stratalens.report.analysis.AnalysisMaps;
import dev.stratalens.report.analysis.FollowedTokens;
import dev.stratalens.report.analysis.LensGrid;
import dev.stratalens.report.analysis.LensViews;
import dev.stratalens.report.analysis.Spread;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.NumberText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Ranks of targets by layer and position.
 *
 * @param followed the targets, of one result
 * @param positions those to show
 * @param byLayer whether a picture shows the medians by layer rather than the cells
 */
public record RanksReport(List<FollowedTokens> followed, List<Integer> positions, boolean byLayer)
        implements AnalysisReport {

    @Override
    public void print(AnalysisPage page) {
        for (FollowedTokens tokens : followed) {
            page.show(AnalysisMaps.ranks(tokens, positions));
            page.gap();
            if (positions.size() == 1) {
                continue;
            }
            page.say("%s over %d positions; cross-entropy is the mean of minus its log-probability, nats"
                    .formatted(AnalysisMaps.shortName(tokens), positions.size()));
            page.gap();
            page.show(byLayer(tokens));
            page.gap();
        }
        FollowedText.notes(followed, page);
    }

    private TextTable byLayer(FollowedTokens tokens) {
        TextTable table = new TextTable()
                .column("layer", Align.RIGHT)
                .column("median rank", Align.RIGHT)
                .column("rank 1", Align.RIGHT)
                .column("rank " + HeatMaps.RANK_THRESHOLD + " or better", Align.RIGHT)
                .column("cross-entropy", Align.RIGHT);
        LensGrid ranks = LensViews.rank(tokens).at(positions);
        LensGrid crossEntropies = LensViews.crossEntropy(tokens).at(positions);
        for (int layer : ranks.layers()) {
            table.row(List.of(
                    LayerTable.label(layer),
                    ranks.overPositions(layer).map(spread -> median(spread)).orElse("-"),
                    share(ranks, layer, 1),
                    share(ranks, layer, HeatMaps.RANK_THRESHOLD),
                    NumberText.decimals(crossEntropies
                            .overPositions(layer)
                            .map(Spread::mean)
                            .orElse(Double.NaN))));
        }
        return table;
    }

    static String median(Spread spread) {
        boolean whole = spread.median() == Math.rint(spread.median());
        return whole ? Long.toString((long) spread.median()) : NumberText.decimals(spread.median());
    }

    private String share(LensGrid ranks, int layer, int threshold) {
        Optional<Spread> all = ranks.overPositions(layer);
        long within = positions.stream()
                .map(position -> ranks.at(layer, position))
                .filter(rank -> rank.isPresent() && rank.getAsDouble() <= threshold)
                .count();
        return all.map(spread -> "%d of %d".formatted(within, spread.count())).orElse("-");
    }

    @Override
    public void writeCsv(Appendable out) throws IOException {
        CellCsv.line(out, List.of("target"), CellCsv.HEAD, List.of("rank", "log_prob"));
        for (FollowedTokens tokens : followed) {
            for (int layer : result().layers()) {
                for (int position : positions) {
                    CellCsv.line(
                            out,
                            List.of(tokens.name()),
                            CellCsv.cell(result(), layer, position),
                            List.of(
                                    CellCsv.number(tokens.rank(layer, position)),
                                    CellCsv.number(tokens.logProb(layer, position))));
                }
            }
        }
    }

    @Override
    public void writeJson(JsonWriter json) throws IOException {
        json.name("targets").beginArray();
        for (FollowedTokens tokens : followed) {
            json.beginObject();
            FollowedText.json(tokens, positions, json);
            LensGrid ranks = LensViews.rank(tokens).at(positions);
            AnalysisJson.grid(ranks, json.name("rank"));
            AnalysisJson.grid(new LensGrid(ranks.layers(), positions, tokens::logProb), json.name("log_prob"));
            AnalysisJson.byLayer(ranks, json.name("rank_by_layer"));
            AnalysisJson.byLayer(LensViews.crossEntropy(tokens).at(positions), json.name("cross_entropy_by_layer"));
            json.endObject();
        }
        json.endArray();
    }

    @Override
    public Picture picture() {
        return byLayer || followed.size() > 1
                ? new Picture.Curves(AnalysisCharts.medianRankByLayer(followed, positions))
                : new Picture.Cells(AnalysisMaps.ranks(followed.get(0), positions));
    }

    private LensResult result() {
        return followed.get(0).result();
    }
}
