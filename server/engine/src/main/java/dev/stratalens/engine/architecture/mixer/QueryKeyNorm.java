package dev.stratalens.engine.architecture.mixer;

/** Places of norms on queries and keys. */
public enum QueryKeyNorm implements ProgramChoice {
    /** Nowhere. */
    NONE,
    /** Each head, before rotation; one weight for all heads or one each. */
    EACH_HEAD,
    /** Each head, after rotation. */
    EACH_ROTATED_HEAD,
    /** All heads of a token as one vector, before rotation. */
    ALL_HEADS
}
