package dev.stratalens.server.lens;

import dev.stratalens.server.model.torch.TorchTensor;

/**
 * Residual rows that a plan asks for, in the compute type: layer by layer, position by position, then those of the last
 * block if its layer is not asked.
 *
 * @param store [rows, d]
 * @param positions asked positions, p
 * @param asked rows of asked layers, l * p
 * @param finalFirst first row of the last block
 */
record ResidualRows(TorchTensor store, int positions, int asked, int finalFirst) {}
