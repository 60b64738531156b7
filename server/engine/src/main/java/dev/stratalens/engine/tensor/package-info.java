/** TorchScript sources and the bridge that compiles and calls them. Only this package imports the PyTorch engine. */
@NullMarked
package dev.stratalens.engine.tensor;

import org.jspecify.annotations.NullMarked;
