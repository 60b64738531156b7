package dev.stratalens.engine.parity;

/** A model family in plain double arrays, written to be readable, not fast. */
public interface Reference {

    /** The residual stream [layers + 1][tokens][hidden]: the input of block 0, then the output of each block. */
    double[][][] residuals(int[] tokenIds);

    /** Decodes a row of the residual stream: final norm, then head. */
    double[] logits(double[] residual);

    /** Decodes a row of the residual stream by the head alone. */
    double[] logitsWithoutFinalNorm(double[] residual);
}
