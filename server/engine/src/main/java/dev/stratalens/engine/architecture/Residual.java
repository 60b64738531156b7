package dev.stratalens.engine.architecture;

import dev.stratalens.engine.architecture.mixer.Balance;
import dev.stratalens.engine.architecture.mixer.ProgramChoice;

/**
 * How the branches join the residual stream.
 *
 * @param form order of the branches
 * @param multiplier factor on each branch before it is added
 * @param feedForward further factors where the feed-forward is added
 */
public record Residual(Form form, double multiplier, Balance feedForward) {

    /** Orders of attention and feed-forward. */
    public enum Form implements ProgramChoice {
        /** The feed-forward reads the stream after the attention. */
        SEQUENTIAL,
        /** Sequential, and each branch is added to its own normed input (BLOOM, MiniMax). */
        SEQUENTIAL_ON_NORMED,
        /** Both read the block's input, through one norm or one each. */
        PARALLEL
    }

    /** Sequential, with branches added unchanged. */
    public static final Residual USUAL = new Residual(Form.SEQUENTIAL, 1, Balance.EVEN);
}
