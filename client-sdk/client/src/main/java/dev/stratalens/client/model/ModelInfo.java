package dev.stratalens.client.model;

/**
 * The model that answered.
 *
 * @param name as served
 * @param architecture family, {@code model_type} of its configuration, for example {@code "llama"}; empty if not known
 * @param layers number of blocks, L
 * @param hiddenSize width of the residual stream; 0 if not known
 * @param vocabularySize rows of the unembedding, V; may exceed the tokenizer's vocabulary; 0 if not known
 * @param storedType format of the weights in the files: {@code float32}, {@code float16}, {@code bfloat16}, or empty if
 *     not known
 * @param computeType format of the arithmetic, likewise
 * @param revision commit of the checkpoint, or empty if not known
 */
public record ModelInfo(
        String name,
        String architecture,
        int layers,
        int hiddenSize,
        int vocabularySize,
        String storedType,
        String computeType,
        String revision) {}
