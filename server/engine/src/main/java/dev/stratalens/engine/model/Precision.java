package dev.stratalens.engine.model;

/** Which type a model computes in. */
public enum Precision {
    /** The stored type where it is as good and faster, else float32; never a stored float32 to bfloat16. */
    AUTO,
    /** float32. */
    FLOAT32,
    /** bfloat16. */
    BFLOAT16
}
