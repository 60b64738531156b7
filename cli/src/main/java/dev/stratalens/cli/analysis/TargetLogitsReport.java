package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.form.AnalysisPage;
import dev.stratalens.cli.form.Picture;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.AnalysisMaps;
import dev.stratalens.report.analysis.Contrast;
import dev.stratalens.report.analysis.FollowedTokens;
import dev.stratalens.report.analysis.LensGrid;
import dev.stratalens.report.analysis.LensViews;
import dev.stratalens.report.figure.HeatMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Logits of targets by layer and position, or their difference from that of an anti-target.
 *
 * @param followed the targets, of one result
 * @param against the anti-target
 * @param positions those to show
 */
public record TargetLogitsReport(
        List<FollowedTokens> followed, Optional<FollowedTokens> against, List<Integer> positions)
        implements AnalysisReport {

    @Override
    public void print(AnalysisPage page) {
        for (FollowedTokens tokens : followed) {
            page.show(map(tokens));
            page.gap();
        }
        against.ifPresent(tokens -> page.remark(
                "Above 0 the target is likelier. The log-odds of two tokens are the difference of their logits."));
        List<FollowedTokens> all = new ArrayList<>(followed);
        against.ifPresent(all::add);
        FollowedText.notes(all, page);
    }

    @Override
    public void writeCsv(Appendable out) throws IOException {
        CellCsv.line(
                out,
                List.of("target"),
                CellCsv.HEAD,
                against.isEmpty() ? List.of("logit") : List.of("logit", "log_odds", "probability_difference"));
        for (FollowedTokens tokens : followed) {
            LensGrid logits = LensViews.logit(tokens);
            Optional<Contrast> contrast = contrast(tokens);
            for (int layer : result().layers()) {
                for (int position : positions) {
                    List<String> numbers = new ArrayList<>(List.of(CellCsv.number(logits.at(layer, position))));
                    contrast.ifPresent(both -> {
                        numbers.add(CellCsv.number(both.logOdds(layer, position)));
                        numbers.add(CellCsv.number(both.probabilityDifference(layer, position)));
                    });
                    CellCsv.line(out, List.of(tokens.name()), CellCsv.cell(result(), layer, position), numbers);
                }
            }
        }
    }

    @Override
    public void writeJson(JsonWriter json) throws IOException {
        if (against.isPresent()) {
            json.name("against").beginObject();
            FollowedText.json(against.get(), positions, json);
            json.endObject();
        }
        json.name("targets").beginArray();
        for (FollowedTokens tokens : followed) {
            json.beginObject();
            FollowedText.json(tokens, positions, json);
            AnalysisJson.grid(LensViews.logit(tokens).at(positions), json.name("logit"));
            Optional<Contrast> contrast = contrast(tokens);
            if (contrast.isPresent()) {
                AnalysisJson.grid(contrast.get().logOdds().at(positions), json.name("log_odds"));
                AnalysisJson.grid(
                        contrast.get().probabilityDifference().at(positions), json.name("probability_difference"));
            }
            json.endObject();
        }
        json.endArray();
    }

    @Override
    public Picture picture() {
        if (followed.size() > 1) {
            throw CliException.usage(
                    "a picture shows the logits of one --target, not of %d; `trajectory` draws several."
                            .formatted(followed.size()));
        }
        return new Picture.Cells(map(followed.get(0)));
    }

    private HeatMap map(FollowedTokens tokens) {
        return contrast(tokens)
                .map(contrast -> AnalysisMaps.logOdds(contrast, positions))
                .orElseGet(() -> AnalysisMaps.logits(tokens, positions));
    }

    private Optional<Contrast> contrast(FollowedTokens tokens) {
        return against.map(other -> new Contrast(tokens, other));
    }

    private LensResult result() {
        return followed.get(0).result();
    }
}
