package dev.stratalens.cli.form;

import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.cli.terminal.Screen;
import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;
import java.io.PrintWriter;
import java.util.function.UnaryOperator;

/**
 * A page on a terminal, or in a file of text.
 *
 * @param out where to
 * @param scale its colors
 * @param screen its room
 * @param layers which layers of a heat map to show
 */
public record TextPage(PrintWriter out, HeatScale scale, Screen screen, UnaryOperator<HeatMap> layers)
        implements AnalysisPage {

    @Override
    public void say(String sentence) {
        out.println(Paragraph.wrap(sentence, screen.columns()));
    }

    @Override
    public void remark(String sentence) {
        out.println(scale.faint(Paragraph.wrap(sentence, screen.columns())));
    }

    @Override
    public void gap() {
        out.println();
    }

    @Override
    public void show(HeatMap map) {
        HeatMap shown = layers.apply(map);
        say(shown.title());
        out.println();
        GridPrinter printer = new GridPrinter(out, scale, screen);
        printer.print(shown);
        printer.legend(map.scale());
    }

    @Override
    public void show(TextTable table) {
        table.print(out, scale::bold, screen);
    }

    @Override
    public void show(LineChart chart) {
        say(chart.title());
        out.println();
        show(ChartTable.of(chart));
    }
}
