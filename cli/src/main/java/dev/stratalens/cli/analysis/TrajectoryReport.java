package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.AnalysisPage;
import dev.stratalens.cli.form.Picture;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.analysis.AnalysisCharts;
import dev.stratalens.report.analysis.AnalysisMaps;
import dev.stratalens.report.analysis.Contrast;
import dev.stratalens.report.analysis.FollowedTokens;
import dev.stratalens.report.analysis.TokenCurve;
import dev.stratalens.report.figure.LineChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The evolution of tokens over the layers.
 *
 * @param result what is looked at
 * @param positions those to show
 * @param curves by position, then in the order of the legend
 * @param followed the targets that were asked for by name; none if the tokens were chosen by what the model predicts
 * @param contrasts targets against the anti-target, none without one
 * @param measure what a picture shows
 */
public record TrajectoryReport(
        LensResult result,
        List<Integer> positions,
        List<TokenCurve> curves,
        List<FollowedTokens> followed,
        List<Contrast> contrasts,
        CurveMeasure measure)
        implements AnalysisReport {

    @Override
    public void print(AnalysisPage page) {
        for (int position : positions) {
            page.say("After %s (position %d)".formatted(result.display(position), position));
            if (measure == CurveMeasure.LOG_ODDS) {
                page.show(AnalysisCharts.probabilities(result, curvesAt(List.of(position))));
                page.gap();
            }
            page.show(chart(List.of(position)));
            page.gap();
        }
        for (Contrast contrast : contrasts) {
            for (int position : positions) {
                OptionalInt since = contrast.aheadFrom(position);
                String target = AnalysisMaps.shortName(contrast.target());
                String other = AnalysisMaps.shortName(contrast.against());
                page.say(
                        since.isPresent()
                                ? "At position %d, %s is ahead of %s from layer %d to the end."
                                        .formatted(position, target, other, since.getAsInt())
                                : "At position %d, %s is not ahead of %s in the end."
                                        .formatted(position, target, other));
            }
        }
        List<FollowedTokens> all = new ArrayList<>(followed);
        contrasts.stream().limit(1).map(Contrast::against).forEach(all::add);
        FollowedText.notes(all, page);
        if (measure == CurveMeasure.RANK && followed.isEmpty()) {
            page.remark("A dash: not among the top %d, and no --target.".formatted(result.k()));
        }
    }

    @Override
    public void writeCsv(Appendable out) throws IOException {
        CellCsv.line(out, List.of("token"), CellCsv.HEAD, List.of("probability", "log_prob", "rank"));
        for (TokenCurve curve : curves) {
            for (int index = 0; index < curve.layers().size(); index++) {
                CellCsv.line(
                        out,
                        List.of(text(curve)),
                        CellCsv.cell(result, curve.layers().get(index), curve.position()),
                        List.of(
                                CellCsv.number(curve.probability(index)),
                                CellCsv.number(curve.logProbs().get(index)),
                                CellCsv.number(curve.ranks().get(index))));
            }
        }
    }

    @Override
    public void writeJson(JsonWriter json) throws IOException {
        json.name("curves").beginArray();
        for (TokenCurve curve : curves) {
            json.beginObject();
            json.name("name").value(curve.name());
            json.name("position").value(curve.position());
            AnalysisJson.tokens(curve.tokens(), json.name("tokens"));
            AnalysisJson.numbers(curve.logProbs(), json.name("log_prob"));
            json.name("rank").beginArray();
            for (OptionalInt rank : curve.ranks()) {
                AnalysisJson.number(rank, json);
            }
            json.endArray();
            json.endObject();
        }
        json.endArray();
        if (!contrasts.isEmpty()) {
            json.name("contrasts").beginArray();
            for (Contrast contrast : contrasts) {
                for (int position : positions) {
                    contrast(contrast, position, json);
                }
            }
            json.endArray();
        }
    }

    private void contrast(Contrast contrast, int position, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("target").value(contrast.target().name());
        json.name("against").value(contrast.against().name());
        json.name("position").value(position);
        json.name("log_odds");
        AnalysisJson.numbers(
                result.layers().stream()
                        .map(layer -> contrast.logOdds(layer, position))
                        .toList(),
                json);
        json.name("probability_difference");
        AnalysisJson.numbers(
                result.layers().stream()
                        .map(layer -> contrast.probabilityDifference(layer, position))
                        .toList(),
                json);
        AnalysisJson.number(contrast.aheadFrom(position), json.name("ahead_from"));
        json.endObject();
    }

    @Override
    public Picture picture() {
        return new Picture.Curves(chart(positions));
    }

    private List<TokenCurve> curvesAt(List<Integer> at) {
        return curves.stream().filter(curve -> at.contains(curve.position())).toList();
    }

    private LineChart chart(List<Integer> at) {
        List<TokenCurve> shown = curvesAt(at);
        return switch (measure) {
            case PROBABILITY -> AnalysisCharts.probabilities(result, shown);
            case LOG_PROBABILITY -> AnalysisCharts.logProbabilities(result, shown);
            case RANK -> AnalysisCharts.ranks(result, shown);
            case LOG_ODDS -> AnalysisCharts.logOdds(contrasts, at);
        };
    }

    private static String text(TokenCurve curve) {
        return curve.tokens().isEmpty()
                ? curve.name()
                : curve.tokens().stream().map(Token::text).collect(Collectors.joining("+"));
    }
}
