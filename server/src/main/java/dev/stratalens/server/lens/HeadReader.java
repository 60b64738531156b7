package dev.stratalens.server.lens;

import dev.stratalens.server.model.Head;

/**
 * Everything that reads residual rows.
 *
 * @param head norm and unembedding
 * @param projection statistics over the whole vocabulary
 * @param tokenLogits exact logits of chosen tokens
 */
record HeadReader(Head head, TiledProjection projection, TokenLogits tokenLogits) {}
