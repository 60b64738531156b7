package dev.stratalens.engine.architecture;

import dev.stratalens.engine.checkpoint.HfConfig;

/**
 * Sizes of a decoder from its configuration.
 *
 * @param blocks L
 * @param hidden width d of the residual stream
 * @param heads query heads
 * @param keyValueHeads heads of keys and values; a divisor of heads
 * @param headSize width D of a head; 0 for hidden / heads
 * @param inner inner width of the feed-forward
 * @param vocabulary rows V of the embedding
 * @param embeddingSize width of embedding and unembedding, usually hidden
 * @param context longest prompt, in tokens
 */
public record Extents(
        int blocks,
        int hidden,
        int heads,
        int keyValueHeads,
        int headSize,
        int inner,
        int vocabulary,
        int embeddingSize,
        int context) {

    /** Reads extents with the standard names; without the key, there are as many key-value heads as heads. */
    public static Extents of(HfConfig config, int defaultContext) {
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        return new Extents(
                config.integer("num_hidden_layers"),
                hidden,
                heads,
                config.integer("num_key_value_heads", heads),
                config.integer("head_dim", 0),
                config.integer("intermediate_size", 4 * hidden),
                config.integer("vocab_size"),
                hidden,
                config.integer("max_position_embeddings", defaultContext));
    }

    /** Sets a class default for files without the key; null in the file still means the number of heads. */
    public Extents keyValueHeadsByDefault(HfConfig config, int classDefault) {
        return config.names("num_key_value_heads") ? this : withKeyValueHeads(classDefault);
    }

    /** Sets a class default for files without the key. */
    public Extents headSizeByDefault(HfConfig config, int classDefault) {
        return config.names("head_dim") ? this : withHeadSize(classDefault);
    }

    public Extents withBlocks(int changed) {
        return new Extents(changed, hidden, heads, keyValueHeads, headSize, inner, vocabulary, embeddingSize, context);
    }

    public Extents withHeads(int changed) {
        return new Extents(blocks, hidden, changed, keyValueHeads, headSize, inner, vocabulary, embeddingSize, context);
    }

    public Extents withKeyValueHeads(int changed) {
        return new Extents(blocks, hidden, heads, changed, headSize, inner, vocabulary, embeddingSize, context);
    }

    public Extents withInner(int changed) {
        return new Extents(blocks, hidden, heads, keyValueHeads, headSize, changed, vocabulary, embeddingSize, context);
    }

    public Extents withHeadSize(int changed) {
        return new Extents(blocks, hidden, heads, keyValueHeads, changed, inner, vocabulary, embeddingSize, context);
    }

    public Extents withEmbeddingSize(int changed) {
        return new Extents(blocks, hidden, heads, keyValueHeads, headSize, inner, vocabulary, changed, context);
    }

    /** The same with the larger feed-forward width, and another context. */
    Extents reaching(int otherInner, int otherContext) {
        int widest = Math.max(inner, otherInner);
        return new Extents(
                blocks, hidden, heads, keyValueHeads, headSize, widest, vocabulary, embeddingSize, otherContext);
    }

    /** The same with the head size resolved, after checking that the heads fit. */
    public Extents checked(HfConfig config) {
        if (heads % keyValueHeads != 0) {
            throw config.invalid("num_key_value_heads", keyValueHeads, "a divisor of num_attention_heads, " + heads);
        }
        if (headSize == 0 && hidden % heads != 0) {
            throw config.invalid("num_attention_heads", heads, "a divisor of hidden_size, " + hidden);
        }
        return headSize == 0 ? withHeadSize(hidden / heads) : this;
    }

    /** Width of the queries of a token. */
    public long queryWidth() {
        return (long) heads * headSize;
    }

    /** Width of the keys of a token. */
    public long keyValueWidth() {
        return (long) keyValueHeads * headSize;
    }
}
