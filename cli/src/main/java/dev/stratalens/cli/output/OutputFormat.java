package dev.stratalens.cli.output;

import dev.stratalens.cli.input.Choice;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
    public static final String DESCRIPTION =
            "table, json, v2, csv, html, markdown, svg or png (default: that of the ending of the output"
                    + " file, else table). html"
                    + " is a page for the browser that works offline; json keeps"
                    + " everything; v2 is the JSON of the logitlenskit widget; markdown is for GitHub; svg and png are pictures"
                    + " of the heat map.";

    /** What can be made of a result that came from V2 JSON. */
    public static final Set<OutputFormat> OF_PARTIAL_RESULTS =
            Collections.unmodifiableSet(EnumSet.of(TABLE, V2, MARKDOWN, SVG, PNG));

    private static final List<String> OTHERS = List.of(
            "jpg", "jpeg", "gif", "webp", "bmp", "tiff", "pdf", "eps", "tsv", "xls", "xlsx", "yaml", "xml", "parquet",
            "jsonl");

    /** Of results. */
    public static final List<OutputFormat> OF_RESULTS = List.of(values());

    /** Of the analyses of one run, and of comparisons. */
    public static final List<OutputFormat> OF_ANALYSES = List.of(TABLE, JSON, CSV, MARKDOWN, SVG, PNG, HTML);

    /** Of types of prompts. */
    public static final List<OutputFormat> OF_PROMPTS = List.of(TABLE, JSON, CSV, SVG, PNG);

    /** {@link #OF_ANALYSES} on the command line. */
    public static final class OfAnalyses extends Choice<OutputFormat> {
        public OfAnalyses() {
            super(OF_ANALYSES, OutputFormat::toString);
        }
    }

    /** {@link #OF_PROMPTS} on the command line. */
    public static final class OfPrompts extends Choice<OutputFormat> {
        public OfPrompts() {
            super(OF_PROMPTS, OutputFormat::toString);
        }
    }

    /** What the ending of a file's name says, if it says anything. */
    public static Optional<OutputFormat> ofEnding(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return Stream.of(values())
                .filter(format -> name.endsWith("." + format) || (format == MARKDOWN && name.endsWith(".md")))
                .findFirst();
    }

    /** An ending that promises what nothing here writes. */
    public static Optional<String> otherEnding(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return OTHERS.stream().filter(ending -> name.endsWith("." + ending)).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
