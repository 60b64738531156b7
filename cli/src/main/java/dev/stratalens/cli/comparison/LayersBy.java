package dev.stratalens.cli.comparison;

import dev.stratalens.cli.input.Choice;
import dev.stratalens.report.comparison.LayerAlignment;

/** Values of {@code --align}. */
public enum LayersBy {
    /** Blocks of the same number. */
    LAYER(LayerAlignment.LAYER),
    /** Blocks of the same relative depth. */
    DEPTH(LayerAlignment.DEPTH);

    private final LayerAlignment alignment;

    LayersBy(LayerAlignment alignment) {
        this.alignment = alignment;
    }

    public LayerAlignment alignment() {
        return alignment;
    }

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
