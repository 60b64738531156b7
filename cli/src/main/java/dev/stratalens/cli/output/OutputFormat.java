package dev.stratalens.cli.output;

import dev.stratalens.cli.input.Choice;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Values of {@code --format} of the commands that show results. */
public enum OutputFormat {
    /** For people. */
    TABLE,
    /** Everything, lossless. */
    JSON,
    /** The interchange format of the existing viewer. */
    V2,
    /** One line a layer, position and place. */
    CSV,
    /** A page that shows everything, for a file. */
    HTML,
    /** A table that GitHub renders. */
    MARKDOWN,
    /** A picture of lines and text. */
    SVG,
    /** A picture of pixels. */
    PNG;

    /** What {@code --format} can be, for the help. */
    public static final String DESCRIPTION = "table, json, v2, csv, html, markdown, svg or png (default: table). html"
            + " is a page for the browser that works offline; json keeps"
            + " everything; v2 is the JSON of the logitlenskit widget; markdown is for GitHub; svg and png are pictures"
            + " of the heat map.";

    /** What can be made of a result that came from V2 JSON. */
    public static final Set<OutputFormat> OF_PARTIAL_RESULTS =
            Collections.unmodifiableSet(EnumSet.of(TABLE, V2, MARKDOWN, SVG, PNG));

    /** Of the analyses of one run, and of comparisons. */
    public static final class OfAnalyses extends Choice<OutputFormat> {
        public OfAnalyses() {
            super(List.of(TABLE, JSON, CSV, MARKDOWN, SVG, PNG, HTML), OutputFormat::toString);
        }
    }

    /** Of types of prompts. */
    public static final class OfPrompts extends Choice<OutputFormat> {
        public OfPrompts() {
            super(List.of(TABLE, JSON, CSV, SVG, PNG), OutputFormat::toString);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
