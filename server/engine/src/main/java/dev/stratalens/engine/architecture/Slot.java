package dev.stratalens.engine.architecture;

/**
 * Names of the generic block's parts, as in the TorchScript programs. A part's tensors have its name with {@code
 * .weight} or {@code .bias}. A part that a family lacks is absent: an absent norm changes nothing, a feed-forward
 * without a gate is not gated.
 */
public final class Slot {

    /** [V, d or narrower]. */
    public static final String TOKEN_EMBEDDING = "token_embedding";

    /** From a narrower token embedding to the residual stream. */
    public static final String EMBEDDING_PROJECTION = "embedding_projection";

    /** [positions, d], added to the token embedding. */
    public static final String POSITION_EMBEDDING = "position_embedding";

    /** Norm of the input of block 0. */
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

    /** Product for queries, heads one after another. */
    public static final String QUERY = "query";

    /** Product for keys. */
    public static final String KEY = "key";

    /** Product for values. */
    public static final String VALUE = "value";

    /** Norm of queries. */
    public static final String QUERY_NORM = "query_norm";

    /** Norm of keys. */
    public static final String KEY_NORM = "key_norm";

    /** Product with the joined heads. */
    public static final String ATTENTION_OUTPUT = "attention_output";

    /** Product whose activation multiplies that of {@link #UP}. */
    public static final String GATE = "gate";

    /** Product into the feed-forward. */
    public static final String UP = "up";

    /** Product out of the feed-forward. */
    public static final String DOWN = "down";

    /** Product for {@link #GATE} and {@link #UP} at once: outputs 0, 2, 4 .. are the gate, 1, 3, 5 .. are up. */
    public static final String INTERLEAVED_GATE_UP = "gate_up";

    /** Product for the scores of experts; always in float32, since near ties decide. */
    public static final String ROUTER = "router";

    /** Bias [E] on scores for the choice of experts, always in float32; the weights of experts do not include it. */
    public static final String SCORE_CORRECTION = "router_correction";

    /** Product to one number, whose sigmoid is the weight of the expert that all tokens share. */
    public static final String SHARED_EXPERT_GATE = "shared_expert_gate";

    /** [heads], score of a key without a value, for each head. */
    public static final String ATTENTION_SINKS = "attention_sinks";

    /** Product into the narrow vector that {@link #QUERY} reads. */
    public static final String QUERY_LATENT = "query_latent";

    /** Norm of that vector. */
    public static final String QUERY_LATENT_NORM = "query_latent_norm";

    /** Product into the narrow vector that {@link #KEY_VALUE} reads, and after it the rotated part that all keys share. */
    public static final String KEY_VALUE_LATENT = "key_value_latent";

    /** Norm of that vector, without the rotated part. */
    public static final String KEY_VALUE_LATENT_NORM = "key_value_latent_norm";

    /** Product for the rest of the key and the value, head after head. */
    public static final String KEY_VALUE = "key_value";

    /** Learned numbers of the activation. */
    public static final String ACTIVATION = "activation";

    /** Norm before the head; without it, the head reads the residual stream directly. */
    public static final String FINAL_NORM = "final_norm";

    /** From the residual stream to a narrower unembedding. */
    public static final String HEAD_PROJECTION = "head_projection";

    /** [V, d or narrower]; without it in the file, the token embedding if the family ties them. */
    public static final String UNEMBEDDING = "unembedding";

    private Slot() {}

    /** A feed-forward's part in one of the experts. */
    public static String ofExpert(int expert, String slot) {
        return "expert." + expert + "." + slot;
    }

    /** A feed-forward's part in the expert that all tokens share. */
    public static String ofSharedExpert(String slot) {
        return "shared_expert." + slot;
    }

    /** Whether a tensor stays in float32 in every compute type. */
    public static boolean isExact(String tensor) {
        return tensor.startsWith(ROUTER);
    }

    /** The part's weight. */
    public static String weight(String slot) {
        return slot + ".weight";
    }

    /** The part's bias. */
    public static String bias(String slot) {
        return slot + ".bias";
    }
}
