package dev.stratalens.engine.architecture.weight;

import java.util.List;
import java.util.Set;

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

    /** Norm of values, without a stored weight. */
    public static final String VALUE_NORM = "value_norm";

    /** Norm of queries. */
    public static final String QUERY_NORM = "query_norm";

    /** Norm of keys. */
    public static final String KEY_NORM = "key_norm";

    /** Norm of the joined heads. */
    public static final String ATTENTION_INNER_NORM = "attention_inner_norm";

    /** Product with the joined heads. */
    public static final String ATTENTION_OUTPUT = "attention_output";

    /** Product whose activation multiplies that of {@link #UP}. */
    public static final String GATE = "gate";

    /** Product into the feed-forward. */
    public static final String UP = "up";

    /** Norm before {@link #DOWN}. */
    public static final String FEED_FORWARD_INNER_NORM = "inner_norm";

    /** Product out of the feed-forward. */
    public static final String DOWN = "down";

    /** Product for {@link #GATE} and {@link #UP} at once: outputs 0, 2, 4 .. are the gate, 1, 3, 5 .. are up. */
    public static final String INTERLEAVED_GATE_UP = "gate_up";

    /** Product for the scores of experts; always in float32, since near ties decide. */
    public static final String ROUTER = "router";

    /** Norm of what {@link #ROUTER} reads, if that is the stream. */
    public static final String ROUTER_NORM = "router_norm";

    /** [V, k], the experts of each token, where its id alone decides. Files hold whole numbers. */
    public static final String EXPERTS_OF_TOKEN = "router_experts_of_token";

    /** [E], factors on the weights of experts. */
    public static final String EXPERT_SCALES = "router_expert_scales";

    /** Norm of what experts read, where they work beside a dense feed-forward. */
    public static final String MIXTURE_NORM = "mixture_norm";

    /** Norm of the sum of these experts. */
    public static final String MIXTURE_OUTPUT_NORM = "mixture_output_norm";

    /** Norm of the output of the dense feed-forward beside them. */
    public static final String DENSE_OUTPUT_NORM = "dense_output_norm";

    /** [V, d], the embedding of a token that rows carry beside the stream. */
    public static final String CARRIED_EMBEDDING = "carried_embedding";

    /** Norm of the stream beside the carried embedding, [2 d]. */
    public static final String SHARED_NORM = "shared_norm";

    /** Norm before the feed-forward of a shared transformer. */
    public static final String SHARED_FEED_FORWARD_NORM = "shared_feed_forward_norm";

    /** Product out of a shared transformer. */
    public static final String SHARED_OUTPUT = "shared_output";

    /** Norm of what the state space behind a shared transformer reads. */
    public static final String STATE_NORM = "state_norm";

    /** [tokens, their width], embeddings of tokens that stand for what is seen. */
    public static final String IMAGE_EMBEDDING = "image_embedding";

    /** The same for what is heard, which are the last tokens of the vocabulary; those for what is seen are before them. */
    public static final String AUDIO_EMBEDDING = "audio_embedding";

    /** [V, blocks * size], what every block reads of a token beside the stream. */
    public static final String LAYER_EMBEDDING = "layer_embedding";

    /** Product from the embedding of a token to what is added to it. */
    public static final String LAYER_INPUT_PROJECTION = "layer_input_projection";

    /** Norm of that, for each block. */
    public static final String LAYER_INPUT_NORM = "layer_input_norm";

    /** Product from the stream to a gate on what the block reads of the token. */
    public static final String LAYER_GATE = "layer_gate";

    /** Product from there to the stream. */
    public static final String LAYER_OUTPUT = "layer_output";

    /** Norm of that, before it is added. */
    public static final String LAYER_OUTPUT_NORM = "layer_output_norm";

    /** [1], factor on the stream after a block. */
    public static final String LAYER_SCALE = "layer_scale";

    /** Bias [E] on scores for the choice of experts, always in float32; the weights of experts do not include it. */
    public static final String SCORE_CORRECTION = "router_correction";

    /** Product into the narrower vector that the experts read, if there is one. */
    public static final String EXPERTS_INPUT = "experts_input";

    /** Product from the narrower vector that they return. */
    public static final String EXPERTS_OUTPUT = "experts_output";

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

    /** Product for the gates of the attention's output: one number for each head, or for each of its dimensions. */
    public static final String ATTENTION_GATE = "attention_gate";

    /** Products of groups of heads into narrow vectors, one after another, which {@link #ATTENTION_OUTPUT} reads. */
    public static final String OUTPUT_LATENT = "output_latent";

    /** Entries of whole windows of tokens, which later queries see beside single tokens. */
    public static final String COMPRESSOR = "compressor";

    /** A second set of such entries, by which a query finds the ones that it sees. */
    public static final String INDEXER = "indexer";

    /** Product for the queries of {@link #INDEXER}. */
    public static final String INDEXER_QUERY = "indexer_query";

    /** Product for the weights of its heads. */
    public static final String INDEXER_WEIGHTS = "indexer_weights";

    /** Product into a mixer that is not attention, all of its inputs one after another. */
    public static final String MIXER_INPUT = "mixer_input";

    /** Product for the queries of a mixer with a state for each head. */
    public static final String MIXER_QUERY = "mixer_query";

    /** Product for its keys. */
    public static final String MIXER_KEY = "mixer_key";

    /** Product for its values. */
    public static final String MIXER_VALUE = "mixer_value";

    /** Product for the gate of its output. */
    public static final String MIXER_GATE = "mixer_gate";

    /** Product for the rate at which each head takes new values. */
    public static final String MIXER_RATE = "mixer_rate";

    /** Product for the decay of each head's state. */
    public static final String MIXER_DECAY = "mixer_decay";

    /** Product into the narrow vector that {@link #MIXER_DECAY} reads, if there is one. */
    public static final String MIXER_DECAY_LATENT = "mixer_decay_latent";

    /** Product into the narrow vector that {@link #MIXER_GATE} reads, if there is one. */
    public static final String MIXER_GATE_LATENT = "mixer_gate_latent";

    /** Product from the channels of Mamba to the parameters of their states. */
    public static final String MIXER_PARAMETERS = "mixer_parameters";

    /** Product from some of these parameters to the time step of each channel. */
    public static final String MIXER_STEP = "mixer_step";

    /** Gates on what enters each channel, [heads, inputs, outputs], with a bias. */
    public static final String MIXER_INPUT_GATE = "mixer_input_gate";

    /** Gates on how each channel decays, [heads, inputs, outputs], with a bias. */
    public static final String MIXER_DECAY_GATE = "mixer_decay_gate";

    /** Norm of the mixer's output, before or after its gate. */
    public static final String MIXER_NORM = "mixer_norm";

    /** Product out of the mixer. */
    public static final String MIXER_OUTPUT = "mixer_output";

    /** Causal convolution of a mixer's inputs, [channels, 1, taps]. */
    public static final String CONVOLUTION = "convolution";

    /** Causal convolution of its queries. */
    public static final String QUERY_CONVOLUTION = "query_convolution";

    /** Causal convolution of its keys. */
    public static final String KEY_CONVOLUTION = "key_convolution";

    /** Causal convolution of its values. */
    public static final String VALUE_CONVOLUTION = "value_convolution";

    /** Logarithm of the decay of a state per time step; always in float32, like the two tensors below. */
    public static final String DECAY_LOG = "decay_log";

    /** Fixed rates at which the states of heads decay. */
    public static final String DECAY_RATES = "decay_rates";

    /** Added to the time step of a head. */
    public static final String DECAY_BIAS = "decay_bias";

    /** Factor on what passes by the state. */
    public static final String STATE_SKIP = "state_skip";

    /** Norm of what decides how the streams of a token mix. */
    public static final String STREAM_ROUTER_NORM = "stream_router_norm";

    /** Product from there to a number for each stream. */
    public static final String STREAM_ROUTER = "stream_router";

    /** Product from these numbers to the matrix that predicts the streams, [streams * streams, streams]. */
    public static final String STREAM_PREDICTION = "stream_prediction";

    /** Product from these numbers to the share of the correction that each stream gets, [streams, streams]. */
    public static final String STREAM_CORRECTION = "stream_correction";

    /** [d], factor on the active stream where it decides what a block reads of the token. */
    public static final String STREAM_SCALE = "stream_scale";

    /** Products from the embedding of a token to each stream but the first. */
    public static final String STREAM_ENTRY = "stream_entry";

    /** Products from each stream but the first to what the model reads. */
    public static final String STREAM_EXIT = "stream_exit";

    /** Weights with which a model or a branch reads streams, writes to them and mixes them; always in float32. */
    public static final String STREAM_CONNECTION = "stream_connection";

    /** The same for the attention of a block. */
    public static final String ATTENTION_CONNECTION = "stream_connection_attention";

    /** The same for its feed-forward. */
    public static final String FEED_FORWARD_CONNECTION = "stream_connection_feed_forward";

    /** Product into the narrow vector of a learned way past the attention. */
    public static final String LAUREL_INPUT = "laurel_input";

    /** Product out of it. */
    public static final String LAUREL_OUTPUT = "laurel_output";

    /** Norm of that, before it is added. */
    public static final String LAUREL_NORM = "laurel_norm";

    /** [1], share of a feed-forward's gates that are set to 0, if they are distributed normally. */
    public static final String ACTIVATION_SPARSITY = "activation_sparsity";

    /** Learned numbers of the activation. */
    public static final String ACTIVATION = "activation";

    /** Norm before the head; without it, the head reads the residual stream directly. */
    public static final String FINAL_NORM = "final_norm";

    /** From the residual stream to a narrower unembedding. */
    public static final String HEAD_PROJECTION = "head_projection";

    /** [V, d or narrower]; without it in the file, the token embedding if the family ties them. */
    public static final String UNEMBEDDING = "unembedding";

    /** The products into the attention. */
    public static final List<String> QUERY_KEY_VALUE = List.of(QUERY, KEY, VALUE);

    /** The products of the feed-forward. */
    public static final List<String> FEED_FORWARD = List.of(GATE, UP, DOWN);

    /** The products of attention and feed-forward. */
    public static final List<String> PRODUCTS = List.of(QUERY, KEY, VALUE, ATTENTION_OUTPUT, GATE, UP, DOWN);

    private static final Set<String> STATE = Set.of(DECAY_LOG, DECAY_BIAS, STATE_SKIP);

    private Slot() {}

    /** A part of the embedding of tokens that stand for what is seen or heard. */
    public static String ofPlaceholders(String embedding, String part) {
        return embedding.replace("embedding", part);
    }

    /** A part of what makes entries of windows, or of what finds them. */
    public static String ofEntries(String slot, String part) {
        return slot + "_" + part;
    }

    /** A feed-forward's part in one of the experts. */
    public static String ofExpert(int expert, String slot) {
        return "expert." + expert + "." + slot;
    }

    /** A feed-forward's part in the expert that all tokens share. */
    public static String ofSharedExpert(String slot) {
        return "shared_expert." + slot;
    }

    /** A feed-forward's part in a transformer that blocks share. */
    public static String ofSharedTransformer(String slot) {
        return "shared." + slot;
    }

    /** Whether a norm is that of single heads. */
    public static boolean isOfHeads(String norm) {
        return norm.equals(QUERY_NORM) || norm.equals(KEY_NORM);
    }

    /** Whether a tensor is of a mixer that is not attention. */
    public static boolean isOfMixer(String tensor) {
        return tensor.startsWith("mixer_");
    }

    /** Whether a tensor makes one vector of several streams. */
    public static boolean isOfStreams(String tensor) {
        return tensor.startsWith("stream_");
    }

    /** Whether a tensor stays in float32 in every compute type. */
    public static boolean isExact(String tensor) {
        return tensor.startsWith(ROUTER) || tensor.startsWith(STREAM_CONNECTION) || STATE.contains(tensor);
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
