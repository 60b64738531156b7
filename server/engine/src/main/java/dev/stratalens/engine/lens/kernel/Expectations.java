package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.tensor.TorchTensor;

/**
 * The data of distributions for expected logits; only a kernel reads it.
 *
 * @param rows one for each distribution
 */
public record Expectations(TorchTensor rows) {}
