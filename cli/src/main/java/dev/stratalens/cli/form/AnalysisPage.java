package dev.stratalens.cli.form;

import dev.stratalens.report.figure.HeatMap;
import dev.stratalens.report.figure.LineChart;

/** Text for people: sentences, tables and heat maps, one below the other. */
public interface AnalysisPage {

    /** A sentence. */
    void say(String sentence);

    /** A sentence of less weight. */
    void remark(String sentence);

    /** Parts what stands above from what comes. */
    void gap();

    /** A heat map under its title, and what its colors mean. */
    void show(HeatMap map);

    /** A table. */
    void show(TextTable table);

    /** A chart as a table, under its title. */
    void show(LineChart chart);
}
