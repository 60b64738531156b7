package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.form.AnalysisPage;
import dev.stratalens.cli.form.Picture;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.analysis.AnalysisCharts;
import dev.stratalens.report.analysis.LensGrid;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMaps;
import java.io.IOException;
import java.util.List;

/**
 * One number in every cell beside the best token, and how the number spreads over the positions of each layer.
 *
 * @param result what is looked at
 * @param positions those to show
 * @param quantity the number
 * @param byLayer whether a picture shows the means by layer rather than the cells
 */
public record QuantityReport(LensResult result, List<Integer> positions, Quantity quantity, boolean byLayer)
        implements AnalysisReport {

    /**
     * The report of one quantity.
     *
     * @throws CliException if the result was computed without it
     */
    public static QuantityReport of(LensResult result, List<Integer> positions, Quantity quantity, boolean byLayer) {
        if (quantity.of(result).overall().isEmpty()) {
            throw CliException.usage("this result has no %s%s. Compute it again with --stats %s."
                    .formatted(
                            quantity.key(), result.layers().size() == 1 ? " (it has one layer)" : "", quantity.key()));
        }
        return new QuantityReport(result, positions, quantity, byLayer);
    }

    @Override
    public void print(AnalysisPage page) {
        page.show(map());
        if (positions.size() == 1) {
            return;
        }
        page.gap();
        page.say("Over %d positions, %s:".formatted(positions.size(), quantity.label()));
        page.gap();
        page.show(LayerTable.of(grid()));
    }

    @Override
    public void writeCsv(Appendable out) throws IOException {
        CellCsv.line(out, CellCsv.HEAD, List.of("best_token_id", "best_token", quantity.key()));
        LensGrid grid = grid();
        for (int layer : grid.layers()) {
            for (int position : positions) {
                Token best = result.top(layer, position).token();
                CellCsv.line(
                        out,
                        CellCsv.cell(result, layer, position),
                        List.of(Integer.toString(best.id()), best.text(), CellCsv.number(grid.at(layer, position))));
            }
        }
    }

    @Override
    public void writeJson(JsonWriter json) throws IOException {
        json.name("best").beginArray();
        for (int layer : result.layers()) {
            json.beginArray();
            for (int position : positions) {
                AnalysisJson.token(result.top(layer, position).token(), json);
            }
            json.endArray();
        }
        json.endArray();
        AnalysisJson.grid(grid(), json.name(quantity.key()));
        AnalysisJson.byLayer(grid(), json.name("by_layer"));
    }

    @Override
    public Picture picture() {
        return byLayer
                ? new Picture.Curves(AnalysisCharts.meanByLayer(result, grid(), quantity.label()))
                : new Picture.Cells(map());
    }

    private LensGrid grid() {
        return quantity.of(result).at(positions);
    }

    /** The columns of the positions to show. */
    private HeatMap map() {
        HeatMap map = HeatMaps.bestTokens(result, quantity.mode(), 0);
        return new HeatMap(
                map.title(),
                map.note(),
                map.rowName(),
                map.rows(),
                map.headNames(),
                positions.stream()
                        .map(position -> map.columns().get(result.positions().indexOf(position)))
                        .toList(),
                map.scale());
    }
}
