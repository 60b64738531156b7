package dev.stratalens.cli.report;

import dev.stratalens.cli.table.GridPrinter;
import dev.stratalens.cli.table.Paragraph;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.client.LensResult;
import dev.stratalens.client.LensTarget;
import dev.stratalens.client.ModelInfo;
import dev.stratalens.client.SelfCheck;
import dev.stratalens.client.TargetInfo;
import dev.stratalens.client.Token;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** A result for people: the heat map, what each position predicts, the targets. */
public final class TableReport {

    private final PrintWriter out;
    private final HeatScale scale;
    private final GridPrinter grids;
    private final int width;

    /** A printer for one output.
     *
     * @param width columns of the terminal */
    public TableReport(PrintWriter out, HeatScale scale, int width) {
        this.out = out;
        this.scale = scale;
        this.grids = new GridPrinter(out, scale, width);
        this.width = width;
    }

    /** Prints everything. */
    public void print(LensResult result) {
        heading(result);
        heatMap(result);
        summary(result);
        for (int target = 0; target < result.targets().size(); target++) {
            target(result, target);
        }
        notes(result);
    }

    private void heading(LensResult result) {
        ModelInfo model = result.model();
        say("%s: %s, %d blocks, vocabulary of %d, %s%s"
                .formatted(
                        model.name(),
                        model.architecture(),
                        model.layers(),
                        model.vocabularySize(),
                        model.computeType(),
                        result.lens().skipFinalNorm() ? ", decoded without the final norm" : ""));
    }

    private void heatMap(LensResult result) {
        Grids layouts = new Grids(result);
        if (result.positions().size() == 1) {
            int position = result.positions().get(0);
            String token = result.tokens().get(position).token().display();
            say("The %d likeliest next tokens after %s (position %d); layers run downwards"
                    .formatted(result.k(), token, position));
            out.println();
            grids.print(layouts.topK(position));
        } else {
            say("Likeliest next token at each position and its probability; layers run downwards");
            out.println();
            grids.print(layouts.bestTokens());
        }
        legend();
    }

    private void legend() {
        if (scale.paint("", 0).isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder("probability ");
        for (int tenths = 0; tenths <= 10; tenths += 2) {
            line.append(scale.paint(" " + Figures.probability(tenths / 10.0) + " ", tenths / 10.0));
        }
        out.printf("%n%s%n", line);
    }

    private void summary(LensResult result) {
        out.println();
        say("What the model predicts at each position; the layer from which that token stays on top (crystallisation);"
                + " KL from a layer's distribution to the final one, nats");
        out.println();
        PositionSummary.of(result).print(out, scale::bold);
    }

    private void target(LensResult result, int index) {
        out.println();
        say("Target: " + name(result.targets().get(index)));
        say("Its rank (1 is the top) and its probability");
        out.println();
        grids.print(new Grids(result).target(index));
    }

    private String name(TargetInfo info) {
        if (info.target() instanceof LensTarget.NextToken) {
            return "the prompt's own next token";
        }
        if (info.target() instanceof LensTarget.FinalTop) {
            return "the model's final prediction";
        }
        Token followed = info.tokens().get(0);
        String name = "%s, id %d".formatted(followed.display(), followed.id());
        if (info.tokens().size() == 1) {
            return name;
        }
        String all = info.tokens().stream().map(Token::display).collect(Collectors.joining(" "));
        return "%s, the first token of %s".formatted(name, all);
    }

    private void notes(LensResult result) {
        SelfCheck check = result.selfCheck();
        String difference = String.format(Locale.ROOT, "%.1e", check.maxLogitDifference());
        out.println();
        if (result.lens().approximate()) {
            say("Low precision: ranks, entropy and KL are approximate; --dtype float32 is exact.");
        }
        if (!check.top1Agrees()) {
            say("SELF-CHECK FAILED: the last layer's lens is not the model's own output; logits differ by "
                    + difference);
        }
        out.println(scale.faint(Paragraph.wrap(
                "Self-check: last layer = the model's output within %s. Forward %s, lens %s."
                        .formatted(
                                difference,
                                Figures.milliseconds(result.timings().forwardMs()),
                                Figures.milliseconds(result.timings().lensMs())),
                width)));
    }

    private void say(String sentence) {
        out.println(Paragraph.wrap(sentence, width));
    }
}
