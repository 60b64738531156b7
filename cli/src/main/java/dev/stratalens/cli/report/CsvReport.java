package dev.stratalens.cli.report;

import dev.stratalens.cli.form.CsvLine;
import dev.stratalens.cli.input.Choice;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One line a read point, position and place of the top-k, lens by lens if there are several; the cell's statistics and targets stand on each of its lines. Quoted
 * as RFC 4180 says, lines end with a line feed. What does not exist is empty. Texts are the tokens' own, white space and
 * all.
 */
public final class CsvReport {

    private CsvReport() {}

    /**
     * Writes results.
     *
     * @param views the result through each lens to write, 1 or more
     */
    public static void write(List<LensResult> views, Appendable out) throws IOException {
        boolean several = views.size() > 1;
        List<String> head = head(views.get(0));
        if (several) {
            head.add(0, "lens");
        }
        CsvLine.write(head, out);
        for (LensResult view : views) {
            write(view, several, out);
        }
    }

    /** With the name of the lens first, if there are several. */
    private static void write(LensResult result, boolean named, Appendable out) throws IOException {
        for (ReadPoint point : result.readPoints()) {
            for (int position : result.positions()) {
                List<String> cell = cell(result, point, position);
                int place = 1;
                for (Prediction prediction : result.at(point).topK(position)) {
                    List<String> row = row(result, point, position, place++, prediction, cell);
                    if (hasSites(result)) {
                        row.add(1, Choice.word(point.site()));
                    }
                    if (named) {
                        row.add(0, result.lens().name());
                    }
                    CsvLine.write(row, out);
                }
            }
        }
    }

    /** Only then does the file say the site, so that files of layers stay what they were. */
    private static boolean hasSites(LensResult result) {
        return !result.info().readPoints().stream().allMatch(ReadPoint::isLayer);
    }

    private static List<String> head(LensResult result) {
        List<String> names = new ArrayList<>(List.of(
                "layer",
                "position",
                "prompt_token_id",
                "prompt_token",
                "place",
                "token_id",
                "token",
                "probability",
                "log_prob"));
        if (hasSites(result)) {
            names.add(1, "site");
        }
        for (Statistic statistic : result.info().statistics()) {
            names.add(statistic.name());
        }
        for (int target = 1; target <= result.targets().size(); target++) {
            for (String name : List.of("id", "token", "rank", "log_prob")) {
                names.add("target%d_%s".formatted(target, name));
            }
        }
        return names;
    }

    private static List<String> row(
            LensResult result, ReadPoint point, int position, int place, Prediction prediction, List<String> cell) {
        Token promptToken = result.tokens().get(position).token();
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(point.layer()),
                Integer.toString(position),
                Integer.toString(promptToken.id()),
                promptToken.text(),
                Integer.toString(place),
                Integer.toString(prediction.token().id()),
                prediction.token().text(),
                Float.toString((float) prediction.probability()),
                Float.toString(prediction.logProb())));
        row.addAll(cell);
        return row;
    }

    private static List<String> cell(LensResult result, ReadPoint point, int position) {
        LayerResult row = result.at(point);
        List<String> values = new ArrayList<>();
        for (Statistic statistic : result.info().statistics()) {
            values.add(number(row.statistic(statistic, position)));
        }
        for (TargetInfo asked : result.targets()) {
            LensTarget target = asked.target();
            OptionalInt id = result.targetToken(target, position);
            OptionalInt rank = row.rank(target, position);
            values.add(id.isEmpty() ? "" : Integer.toString(id.getAsInt()));
            values.add(id.isEmpty() ? "" : result.token(id.getAsInt()).text());
            values.add(rank.isEmpty() ? "" : Integer.toString(rank.getAsInt()));
            values.add(number(row.targetLogProb(target, position)));
        }
        return values;
    }

    /** Statistics are float32; so is what is written. */
    private static String number(OptionalDouble value) {
        return value.isEmpty() ? "" : Float.toString((float) value.getAsDouble());
    }
}
