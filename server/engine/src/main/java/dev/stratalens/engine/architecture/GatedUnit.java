package dev.stratalens.engine.architecture;

/**
 * How gate and up meet in a gated feed-forward: {@code activation(gate) * (up + offset)}.
 *
 * @param limit bound on the gate from above and on the absolute value of up, before anything else; 0 for none
 * @param offset added to up
 */
public record GatedUnit(double limit, double offset) {

    /** The product as it is. */
    public static final GatedUnit USUAL = new GatedUnit(0, 0);
}
