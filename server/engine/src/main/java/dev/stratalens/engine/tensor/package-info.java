/**
 * TorchScript sources and the bridge that compiles and calls them. The only package that imports the PyTorch engine.
 */
@NullMarked
package dev.stratalens.engine.tensor;

import org.jspecify.annotations.NullMarked;
