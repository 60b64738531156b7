package dev.stratalens.engine.architecture;

/**
 * The combination of gate and up in a gated feed-forward: {@code activation(gate) * (up + offset)}.
 *
 * @param limit upper bound of the gate and bound of the absolute value of up, applied first; 0 for none
 * @param offset added to up
 */
public record GatedUnit(double limit, double offset) {

    /** The plain product. */
    public static final GatedUnit USUAL = new GatedUnit(0, 0);
}
