package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.AnalysisPage;
import dev.stratalens.cli.form.CsvLine;
import dev.stratalens.cli.form.Picture;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.terminal.DisplayWidth;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.report.analysis.AnalysisCharts;
import dev.stratalens.report.analysis.AnalysisMaps;
import dev.stratalens.report.analysis.Contrast;
import dev.stratalens.report.analysis.DepthSummary;
import dev.stratalens.report.analysis.FollowedTokens;
import dev.stratalens.report.analysis.PositionDepth;
import dev.stratalens.report.analysis.Spread;
import dev.stratalens.report.figure.NumberText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Where in depth predictions form, position by position and in sum.
 *
 * @param followed whose rank counts
 * @param against what the followed competes with, if anything
 * @param rank the rank from which on it counts as found
 * @param depths one a position
 */
public record DepthReport(
        FollowedTokens followed, Optional<FollowedTokens> against, int rank, List<PositionDepth> depths)
        implements AnalysisReport {

    private static final int WIDEST_TOKEN = 20;

    @Override
    public void print(AnalysisPage page) {
        page.say("Where in depth each prediction forms. Crystallized: on top from this layer to the end. First on top:"
                + " the first layer where it leads at all. Rank %d: the first layer where %s is at rank %d or better"
                        .formatted(rank, AnalysisMaps.name(followed), rank));
        page.gap();
        page.show(table());
        page.gap();
        DepthSummary summary = summary();
        page.say("%d positions. Median layer: crystallized %s, first on top %s, rank %d %s."
                .formatted(
                        summary.positions(),
                        median(summary.crystallization()),
                        median(summary.firstAppearance()),
                        rank,
                        median(summary.firstWithin())));
        page.say("Early, in the first third of the blocks: %s. Late, in the last third: %s. Never: %s (%.0f %%)."
                .formatted(
                        listed(summary.early()),
                        listed(summary.late()),
                        listed(summary.never()),
                        100 * summary.neverShare()));
        List<FollowedTokens> all = new ArrayList<>(List.of(followed));
        against.ifPresent(all::add);
        FollowedText.notes(all, page);
    }

    private TextTable table() {
        TextTable table = new TextTable()
                .column("pos", Align.RIGHT)
                .column("token", Align.LEFT)
                .column("predicts", Align.LEFT)
                .column("prob", Align.RIGHT)
                .column("crystallized", Align.RIGHT)
                .column("first on top", Align.RIGHT)
                .column("rank " + rank, Align.RIGHT);
        against.ifPresent(other -> table.column("ahead of " + AnalysisMaps.shortName(other), Align.RIGHT));
        Optional<Contrast> contrast = contrast();
        for (PositionDepth depth : depths) {
            Prediction prediction = depth.prediction();
            List<String> row = new ArrayList<>(List.of(
                    Integer.toString(depth.position()),
                    shortened(result().display(depth.position())),
                    shortened(prediction.token().display()),
                    NumberText.probability(prediction.probability()),
                    layer(depth.crystallization()),
                    layer(depth.firstAppearance()),
                    layer(depth.firstWithin())));
            contrast.ifPresent(both -> row.add(layer(both.aheadFrom(depth.position()))));
            table.row(row);
        }
        return table;
    }

    @Override
    public void writeCsv(Appendable out) throws IOException {
        List<String> names = new ArrayList<>(List.of(
                "position",
                "prompt_token_id",
                "prompt_token",
                "prediction_id",
                "prediction",
                "probability",
                "crystallization",
                "first_appearance",
                "first_within_rank"));
        against.ifPresent(other -> names.add("ahead_from"));
        CsvLine.write(names, out);
        Optional<Contrast> contrast = contrast();
        for (PositionDepth depth : depths) {
            Prediction prediction = depth.prediction();
            List<String> fields =
                    new ArrayList<>(CellCsv.cell(result(), 0, depth.position()).subList(1, 4));
            fields.addAll(List.of(
                    Integer.toString(prediction.token().id()),
                    prediction.token().text(),
                    CsvLine.number(prediction.probability()),
                    CellCsv.number(depth.crystallization()),
                    CellCsv.number(depth.firstAppearance()),
                    CellCsv.number(depth.firstWithin())));
            contrast.ifPresent(both -> fields.add(CellCsv.number(both.aheadFrom(depth.position()))));
            CsvLine.write(fields, out);
        }
    }

    @Override
    public void writeJson(JsonWriter json) throws IOException {
        json.name("rank").value(rank);
        json.name("target").beginObject();
        FollowedText.json(followed, depths.stream().map(PositionDepth::position).toList(), json);
        json.endObject();
        json.name("depths").beginArray();
        Optional<Contrast> contrast = contrast();
        for (PositionDepth depth : depths) {
            json.beginObject();
            json.name("position").value(depth.position());
            AnalysisJson.token(depth.prediction().token(), json.name("prediction"));
            json.name("log_prob").value((Number) depth.prediction().logProb());
            AnalysisJson.number(depth.crystallization(), json.name("crystallization"));
            AnalysisJson.number(depth.firstAppearance(), json.name("first_appearance"));
            AnalysisJson.number(depth.firstWithin(), json.name("first_within_rank"));
            if (contrast.isPresent()) {
                AnalysisJson.number(contrast.get().aheadFrom(depth.position()), json.name("ahead_from"));
            }
            json.endObject();
        }
        json.endArray();
        summary(json);
    }

    private void summary(JsonWriter json) throws IOException {
        DepthSummary summary = summary();
        json.name("summary").beginObject();
        json.name("positions").value(summary.positions());
        AnalysisJson.spread(summary.crystallization(), json.name("crystallization"));
        AnalysisJson.spread(summary.firstAppearance(), json.name("first_appearance"));
        AnalysisJson.spread(summary.firstWithin(), json.name("first_within_rank"));
        AnalysisJson.integers(summary.early(), json.name("early"));
        AnalysisJson.integers(summary.late(), json.name("late"));
        AnalysisJson.integers(summary.never(), json.name("never"));
        json.name("never_share").value(summary.neverShare());
        json.endObject();
    }

    @Override
    public Picture picture() {
        return new Picture.Curves(AnalysisCharts.depths(result(), depths, rank));
    }

    private Optional<Contrast> contrast() {
        return against.map(other -> new Contrast(followed, other));
    }

    private DepthSummary summary() {
        return DepthSummary.of(depths, result().model().layers());
    }

    private LensResult result() {
        return followed.result();
    }

    private static String shortened(String text) {
        return DisplayWidth.shorten(text, WIDEST_TOKEN);
    }

    private static String layer(OptionalInt layer) {
        return layer.isEmpty() ? "-" : Integer.toString(layer.getAsInt());
    }

    private static String median(Optional<Spread> spread) {
        return spread.map(there -> RanksReport.median(there)).orElse("-");
    }

    private static String listed(List<Integer> positions) {
        return positions.isEmpty()
                ? "none"
                : positions.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
