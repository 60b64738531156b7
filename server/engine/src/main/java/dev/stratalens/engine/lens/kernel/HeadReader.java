package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.model.Head;

/**
 * Everything that reads residual rows.
 *
 * @param head norm and unembedding
 * @param projection statistics over the whole vocabulary
 * @param tokenLogits exact logits of chosen tokens
 */
public record HeadReader(Head head, TiledProjection projection, TokenLogits tokenLogits) {}
