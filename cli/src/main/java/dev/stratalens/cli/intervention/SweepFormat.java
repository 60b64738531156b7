package dev.stratalens.cli.intervention;

import dev.stratalens.cli.input.Choice;
import dev.stratalens.cli.output.OutputFormat;
import java.util.List;

/** Values of {@code --format} of a sweep. */
final class SweepFormat extends Choice<OutputFormat> {

    static final List<OutputFormat> ALL = List.of(
            OutputFormat.TABLE,
            OutputFormat.JSON,
            OutputFormat.CSV,
            OutputFormat.MARKDOWN,
            OutputFormat.SVG,
            OutputFormat.PNG);

    SweepFormat() {
        super(ALL, OutputFormat::toString);
    }
}
