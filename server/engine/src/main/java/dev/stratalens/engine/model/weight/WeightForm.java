package dev.stratalens.engine.model.weight;

/** How quantized weights of blocks lie on their device. */
public enum WeightForm {
    /** In the compute type. */
    DECODED,
    /** As codes and scales, which the device decodes for each pass, one block at a time. Other weights are in the compute type. */
    PACKED
}
