/** Archives of tensors that Python wrote, {@code torch.save} and {@code numpy.savez}: the place of each tensor, and no code. */
@NullMarked
package dev.stratalens.engine.checkpoint.archive;

import org.jspecify.annotations.NullMarked;
