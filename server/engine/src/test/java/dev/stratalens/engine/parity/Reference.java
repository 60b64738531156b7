package dev.stratalens.engine.parity;

/** A model family written out in plain double arrays, one model at a time, to be read rather than to be fast. */
public interface Reference {

    /** The residual stream [layers + 1][tokens][hidden]: what enters block 0, then what leaves each block. */
    double[][][] residuals(int[] tokenIds);

    /** Decodes a row of the residual stream: final norm, then head. */
    double[] logits(double[] residual);

    /** Decodes a row of the residual stream by the head alone. */
    double[] logitsWithoutFinalNorm(double[] residual);
}
