package dev.stratalens.engine.lens.transport;

import dev.stratalens.engine.checkpoint.TensorInfo;
import java.util.Optional;

/**
 * The numbers of one map, in their file.
 *
 * @param matrix [d, d]; a row of it makes one number of the result
 * @param bias [d]; empty for none
 */
public record AffineMap(TensorInfo matrix, Optional<TensorInfo> bias) {}
