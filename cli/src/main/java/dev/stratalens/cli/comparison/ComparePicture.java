package dev.stratalens.cli.comparison;

import dev.stratalens.cli.input.Choice;

/** Values of {@code --picture}: what a figure of two runs shows. */
public enum ComparePicture {
    /** All cells. */
    MAP,
    /** Tokens through the layers of both runs. */
    TRAJECTORIES,
    /** How far apart the runs are from layer to layer. */
    LAYERS;

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
