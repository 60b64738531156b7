package dev.stratalens.cli.report;

import dev.stratalens.cli.form.GridPrinter;
import dev.stratalens.cli.form.Paragraph;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.HeatMaps;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** A result for people: the heat map, what each position predicts, the targets. */
public final class TableReport {

    private final PrintWriter out;
    private final HeatScale scale;
    private final GridPrinter grids;
    private final Screen screen;

    /** A printer for one output.
     *
     * @param screen its room */
    public TableReport(PrintWriter out, HeatScale scale, Screen screen) {
        this.out = out;
        this.scale = scale;
        this.grids = new GridPrinter(out, scale, screen);
        this.screen = screen;
    }

    /** Prints what one lens has read.
     *
     * @param map the heat map at the top */
    public void print(LensResult result, HeatMap map) {
        String lens = LensNotes.of(result);
        if (!lens.isEmpty()) {
            say(lens);
        }
        if (UnfittedColumns.in(result)) {
            say("A position with * is one of these.");
        }
        heatMap(UnfittedColumns.marked(map, result));
        summary(result);
        for (int target = 0; target < result.targets().size(); target++) {
            target(result, target);
        }
    }

    /** Prints what stands above all lenses: the model. */
    public void head(LensResult result) {
        say(result.model().name() + ": " + Headline.of(result));
    }

    /** Prints what stands below all lenses: notes about the whole result. */
    public void tail(LensResult result) {
        result.selfCheck().ifPresent(check -> notes(result, check));
    }

    private void heatMap(HeatMap map) {
        say(map.title() + "; layers run downward");
        out.println();
        grids.print(map);
        grids.legend(map.scale());
    }

    private void summary(LensResult result) {
        out.println();
        say(PositionSummary.CAPTION);
        out.println();
        PositionSummary.of(result).print(out, scale::bold, screen);
    }

    private void target(LensResult result, int index) {
        HeatMap map = HeatMaps.target(result, index);
        out.println();
        say(map.title());
        out.println();
        grids.print(map);
    }

    private void notes(LensResult result, SelfCheck check) {
        String difference = String.format(Locale.ROOT, "%.1e", check.maxLogitDifference());
        out.println();
        if (result.info().approximate()) {
            say("Low precision: ranks, entropy and KL are approximate; --dtype float32 is exact.");
        }
        if (!check.top1Agrees()) {
            say("SELF-CHECK FAILED: the last layer's lens is not the model's own output; logits differ by "
                    + difference);
        }
        String times = result.timings()
                .map(timings -> " Forward %s, lens %s."
                        .formatted(milliseconds(timings.forward()), milliseconds(timings.lens())))
                .orElse("");
        out.println(scale.faint(Paragraph.wrap(
                "Self-check: last layer = the model's output within %s.%s".formatted(difference, times),
                screen.columns())));
    }

    private void say(String sentence) {
        out.println(Paragraph.wrap(sentence, screen.columns()));
    }

    private static String milliseconds(Duration time) {
        return String.format(Locale.ROOT, "%.0f ms", time.toNanos() / 1e6);
    }
}
