package dev.stratalens.engine.architecture;

/**
 * The combination of gate and up in a gated feed-forward: {@code activation(gateFactor * gate) * (up + offset) * factor}.
 *
 * @param limit upper bound of the gate and bound of the absolute value of up, applied first; 0 for none
 * @param offset added to up
 * @param gateFactor on the gate
 * @param factor on the result
 */
public record GatedUnit(double limit, double offset, double gateFactor, double factor) {

    /** The plain product. */
    public static final GatedUnit USUAL = new GatedUnit(0, 0, 1, 1);
}
