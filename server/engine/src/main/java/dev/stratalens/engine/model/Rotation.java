package dev.stratalens.engine.model;

import dev.stratalens.engine.tensor.TorchTensor;

/**
 * Cosines and sines of every packed token's rotary angles, [tokens, pairs]; without pairs if a block does not rotate.
 */
record Rotation(TorchTensor cosines, TorchTensor sines) {}
