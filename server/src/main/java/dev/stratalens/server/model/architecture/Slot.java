package dev.stratalens.server.model.architecture;

/**
 * Names of the generic block's parts, as the TorchScript programs ask for them. A part's tensors are its name with {@code
 * .weight} or {@code .bias}; a part that a family lacks is absent: an absent norm changes nothing, a feed-forward without a
 * gate is not gated.
 */
public final class Slot {

    /** [V, d or narrower]. */
    public static final String TOKEN_EMBEDDING = "token_embedding";

    /** From a narrower token embedding to the residual stream. */
    public static final String EMBEDDING_PROJECTION = "embedding_projection";

    /** [positions, d], added to the token embedding. */
    public static final String POSITION_EMBEDDING = "position_embedding";

    /** Norm of what enters block 0. */
    public static final String EMBEDDING_NORM = "embedding_norm";

    /** Norm before the attention. */
    public static final String ATTENTION_NORM = "attention_norm";

    /** Norm of the attention's output, before it is added. */
    public static final String ATTENTION_OUTPUT_NORM = "attention_output_norm";

    /** Norm of the residual stream after the attention was added. */
    public static final String ATTENTION_RESIDUAL_NORM = "attention_residual_norm";

    /** Norm before the feed-forward. A parallel block without it feeds both branches through {@link #ATTENTION_NORM}. */
    public static final String FEED_FORWARD_NORM = "feed_forward_norm";

    /** Norm of the feed-forward's output, before it is added. */
    public static final String FEED_FORWARD_OUTPUT_NORM = "feed_forward_output_norm";

    /** Norm of the residual stream after the feed-forward was added. */
    public static final String FEED_FORWARD_RESIDUAL_NORM = "feed_forward_residual_norm";

    /** Product that makes queries, heads one after another. */
    public static final String QUERY = "query";

    /** Product that makes keys. */
    public static final String KEY = "key";

    /** Product that makes values. */
    public static final String VALUE = "value";

    /** Norm of queries. */
    public static final String QUERY_NORM = "query_norm";

    /** Norm of keys. */
    public static final String KEY_NORM = "key_norm";

    /** Product on the joined heads. */
    public static final String ATTENTION_OUTPUT = "attention_output";

    /** Product whose activation multiplies that of {@link #UP}. */
    public static final String GATE = "gate";

    /** Product into the feed-forward. */
    public static final String UP = "up";

    /** Product out of the feed-forward. */
    public static final String DOWN = "down";

    /** Learned numbers of the activation. */
    public static final String ACTIVATION = "activation";

    /** Norm before the head; without it the head reads the residual stream as it is. */
    public static final String FINAL_NORM = "final_norm";

    /** From the residual stream to a narrower unembedding. */
    public static final String HEAD_PROJECTION = "head_projection";

    /** [V, d or narrower]; where the file has none, the token embedding serves if the family ties them. */
    public static final String UNEMBEDDING = "unembedding";

    private Slot() {}

    /** The part's weight. */
    public static String weight(String slot) {
        return slot + ".weight";
    }

    /** The part's bias. */
    public static String bias(String slot) {
        return slot + ".bias";
    }
}
