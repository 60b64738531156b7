/**
 * Checkpoint directories: configuration and tensors by name, checked before anything is mapped.
 */
@NullMarked
package dev.stratalens.server.model.checkpoint;

import org.jspecify.annotations.NullMarked;
