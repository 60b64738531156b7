package dev.stratalens.engine.architecture;

/** Where queries and keys are normed, if they are. */
public enum QueryKeyNorm {
    /** Nowhere. */
    NONE("none"),
    /** Each head, before rotation; one weight for all heads or one each. */
    EACH_HEAD("each_head"),
    /** Each head, after rotation. */
    EACH_ROTATED_HEAD("each_rotated_head"),
    /** All heads of a token as one vector, before rotation. */
    ALL_HEADS("all_heads");

    private final String programName;

    QueryKeyNorm(String programName) {
        this.programName = programName;
    }

    /** Value of {@code query_key_norm} in the TorchScript program. */
    public String programName() {
        return programName;
    }
}
