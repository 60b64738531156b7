package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadKernel;

/**
 * The head of a device with the rows that it reads.
 *
 * @param kernel of the head
 * @param rows that are kept on the device
 */
record HeadRows(HeadKernel kernel, ResidualRows rows) {}
