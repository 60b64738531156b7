package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.checkpoint.TensorInfo;

/**
 * A slot's weight and its place in the files.
 *
 * @param source the part of a tensor
 * @param tensor that tensor in the files
 */
public record PlacedWeight(WeightSource source, TensorInfo tensor) {}
