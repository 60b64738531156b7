package dev.stratalens.cli.form;

import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/**
 * A page as GitHub renders it.
 *
 * @param out where to
 * @param layers which layers of a heat map to show
 */
public record MarkdownPage(Appendable out, UnaryOperator<HeatMap> layers) implements AnalysisPage {

    /** Writes a part. */
    @FunctionalInterface
    private interface Part {
        void write() throws IOException;
    }

    @Override
    public void say(String sentence) {
        paragraph(() -> out.append(Markdown.escape(sentence)).append('\n'));
    }

    @Override
    public void remark(String sentence) {
        say(sentence);
    }

    @Override
    public void gap() {
        // every part is a paragraph of its own
    }

    @Override
    public void show(HeatMap map) {
        paragraph(() -> Markdown.write(layers.apply(map), out));
    }

    @Override
    public void show(TextTable table) {
        paragraph(() -> Markdown.write(table, out));
    }

    @Override
    public void show(LineChart chart) {
        paragraph(() -> Markdown.write(chart, out));
    }

    private void paragraph(Part part) {
        try {
            part.write();
            out.append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
