/**
 * TorchScript sources and the bridge that compiles and calls them. The only package that imports the PyTorch engine.
 */
@NullMarked
package dev.stratalens.server.model.torch;

import org.jspecify.annotations.NullMarked;
