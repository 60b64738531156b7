package dev.stratalens.engine.model;

/** Choice of a model's compute type. */
public enum Precision {
    /** The stored type if it is faster, else float32; never bfloat16 for weights stored in float32. */
    AUTO,
    /** float32. */
    FLOAT32,
    /** bfloat16. */
    BFLOAT16,
    /** float16, on cards only. */
    FLOAT16
}
