package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.tensor.TorchTensor;

/**
 * What is kept of distributions to tell the logits that they expect; only a kernel reads it.
 *
 * @param rows one for each distribution
 */
public record Expectations(TorchTensor rows) {}
