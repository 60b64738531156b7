package dev.stratalens.server.model;

import dev.stratalens.server.model.architecture.WeightSource;
import dev.stratalens.server.model.checkpoint.TensorInfo;

/**
 * A slot's weight and where it lies.
 *
 * @param source which part of which tensor
 * @param tensor that tensor in the files
 */
record PlacedWeight(WeightSource source, TensorInfo tensor) {}
