package dev.stratalens.cli.comparison;

import dev.stratalens.cli.input.Choice;
import dev.stratalens.report.comparison.LayerAlignment;
import java.util.List;

/** Values of {@code --align}. */
public final class LayersBy extends Choice<LayerAlignment> {
    public LayersBy() {
        super(List.of(LayerAlignment.values()), Choice::word);
    }
}
