package dev.stratalens.client.model;

import com.google.auto.value.AutoValue;

/** A range of a model's blocks on one device. */
@AutoValue
public abstract class Placement {

    Placement() {}

    /** So many blocks from a first one on a device. */
    public static Placement of(String device, int firstBlock, int blocks) {
        return new AutoValue_Placement(device, firstBlock, blocks, false);
    }

    /** The device: {@code "cpu"}, {@code "cuda:0"}. */
    public abstract String device();

    /** First block. */
    public abstract int firstBlock();

    /** Number of blocks, 1 or more. */
    public abstract int blocks();

    /** Whether quantized weights stay packed there, and are decoded for each pass, one block at a time. */
    public abstract boolean packed();

    /** The same blocks, packed or not. */
    public final Placement withPacked(boolean packed) {
        return new AutoValue_Placement(device(), firstBlock(), blocks(), packed);
    }
}
