package dev.stratalens.engine.architecture;

/**
 * Operations after the product with the unembedding.
 *
 * @param scale factor on the logits
 * @param softcap c of c * tanh(logit / c), after the factor; 0 for none
 */
public record HeadForm(double scale, double softcap) {

    /** Logits are the product itself. */
    public static final HeadForm USUAL = new HeadForm(1, 0);
}
