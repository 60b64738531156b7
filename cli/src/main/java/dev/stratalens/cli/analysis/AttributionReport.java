package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.form.AnalysisPage;
import dev.stratalens.cli.form.Picture;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMaps;
import dev.stratalens.report.figure.NumberText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Which parts of the model write toward targets.
 *
 * @param result the result
 * @param views of each target
 * @param positions those to show
 */
public record AttributionReport(LensResult result, List<AttributionView> views, List<Integer> positions)
        implements AnalysisReport {

    @Override
    public void print(AnalysisPage page) {
        for (AttributionView view : views) {
            for (int position : positions) {
                if (view.logit(position).isEmpty()) {
                    page.say("No such token at position %d.".formatted(position));
                    continue;
                }
                page.say("What writes toward %s after %s (position %d): shares of the logit, nats"
                        .formatted(view.tokens(position), result.display(position), position));
                page.gap();
                page.show(table(view, position));
                page.gap();
                if (view.heads() > 0) {
                    page.show(AttributionMap.of(view, position));
                    page.gap();
                }
            }
        }
        page.remark(
                "The final norm's scale is taken as it is at the position. The sums differ from the logits by %s at most."
                        .formatted(difference()));
        view().attribution()
                .softcap()
                .ifPresent(cap -> page.remark(
                        "The sums are logits before the model's softcap of %s, the logits are those after it."
                                .formatted(NumberText.decimals(cap))));
    }

    private AttributionView view() {
        return views.get(0);
    }

    private String difference() {
        return String.format(Locale.ROOT, "%.2g", view().attribution().largestDifference());
    }

    private static TextTable table(AttributionView view, int position) {
        TextTable table = new TextTable()
                .column("part", Align.LEFT)
                .column("share", Align.RIGHT)
                .column("", Align.LEFT);
        List<ReadPoint> parts = view.attribution().parts();
        double largest = parts.stream()
                .mapToDouble(part -> Math.abs(view.share(part, position).orElse(0)))
                .max()
                .orElse(0);
        largest = Math.max(largest, Math.abs(view.biasShare(position).orElse(0)));
        for (ReadPoint part : parts) {
            row(table, HeatMaps.rowName(part), view.share(part, position), largest);
        }
        row(table, "biases", view.biasShare(position), largest);
        row(table, "sum", view.sum(position), 0);
        row(table, "logit", view.logit(position), 0);
        return table;
    }

    private static void row(TextTable table, String name, OptionalDouble share, double largest) {
        double value = share.orElse(Double.NaN);
        table.row(List.of(name, NumberText.signed(value), ShareBar.of(value, largest)));
    }

    @Override
    public void writeCsv(Appendable out) throws IOException {
        CellCsv.line(out, List.of("target"), CellCsv.HEAD, List.of("part", "head", "share"));
        for (AttributionView view : views) {
            for (int position : positions) {
                for (ReadPoint part : view.attribution().parts()) {
                    line(view, part.layer(), position, Part.of(part), "", view.share(part, position), out);
                    int heads = part.site() == Site.ATTENTION_OUTPUT
                            ? view.attribution().heads(part.block())
                            : 0;
                    for (int head = 0; head < heads; head++) {
                        OptionalDouble share = view.headShare(part.block(), head, position);
                        line(view, part.layer(), position, Part.HEAD, Integer.toString(head), share, out);
                    }
                }
                int last = result.model().layers() - 1;
                line(view, last, position, Part.BIASES, "", view.biasShare(position), out);
                line(view, last, position, Part.SUM, "", view.sum(position), out);
                line(view, last, position, Part.LOGIT, "", view.logit(position), out);
            }
        }
    }

    private void line(
            AttributionView view, int layer, int position, Part part, String head, OptionalDouble share, Appendable out)
            throws IOException {
        CellCsv.line(
                out,
                List.of(view.name()),
                CellCsv.cell(result, layer, position),
                List.of(part.toString(), head, CellCsv.number(share)));
    }

    /** What a line of CSV is about. */
    private enum Part {
        EMBEDDING,
        ATTENTION,
        HEAD,
        FEED_FORWARD,
        BIASES,
        SUM,
        LOGIT;

        static Part of(ReadPoint part) {
            return switch (part.site()) {
                case EMBEDDING -> EMBEDDING;
                case ATTENTION_OUTPUT -> ATTENTION;
                default -> FEED_FORWARD;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public void writeJson(JsonWriter json) throws IOException {
        AnalysisJson.number(view().attribution().softcap(), json.name("softcap"));
        AnalysisJson.number(
                OptionalDouble.of(view().attribution().largestDifference()), json.name("largest_difference"));
        json.name("targets").beginArray();
        for (AttributionView view : views) {
            json.beginObject();
            json.name("name").value(view.name());
            json.name("shown").beginArray();
            for (int position : positions) {
                json.value(view.tokens(position));
            }
            json.endArray();
            json.name("parts").beginArray();
            for (ReadPoint part : view.attribution().parts()) {
                part(view, part, json);
            }
            json.endArray();
            AnalysisJson.numbers(positions.stream().map(view::biasShare).toList(), json.name("biases"));
            AnalysisJson.numbers(positions.stream().map(view::sum).toList(), json.name("sum"));
            AnalysisJson.numbers(positions.stream().map(view::logit).toList(), json.name("logit"));
            json.endObject();
        }
        json.endArray();
    }

    private void part(AttributionView view, ReadPoint part, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("layer").value(part.layer());
        json.name("part").value(Part.of(part).toString());
        AnalysisJson.numbers(
                positions.stream().map(position -> view.share(part, position)).toList(), json.name("share"));
        int heads = part.site() == Site.ATTENTION_OUTPUT ? view.attribution().heads(part.block()) : 0;
        if (heads > 0) {
            json.name("heads").beginArray();
            for (int head = 0; head < heads; head++) {
                List<OptionalDouble> shares = new ArrayList<>();
                for (int position : positions) {
                    shares.add(view.headShare(part.block(), head, position));
                }
                AnalysisJson.numbers(shares, json);
            }
            json.endArray();
        }
        json.endObject();
    }

    @Override
    public Picture picture() {
        if (views.size() > 1 || positions.size() > 1) {
            throw CliException.usage(
                    "a picture shows one --target at one position, not %d at %d; choose with --target and --positions."
                            .formatted(views.size(), positions.size()));
        }
        HeatMap map = AttributionMap.of(view(), positions.get(0));
        return new Picture.Cells(map);
    }
}
