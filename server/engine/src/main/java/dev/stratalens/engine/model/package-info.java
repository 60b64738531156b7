/**
 * Causal language models: the forward pass that keeps residual rows, and the head that reads them.
 */
@NullMarked
package dev.stratalens.engine.model;

import org.jspecify.annotations.NullMarked;
