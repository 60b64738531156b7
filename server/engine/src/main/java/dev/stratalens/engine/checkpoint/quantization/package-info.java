/** Quantized weights of directories: each quantizer's parts of a matrix as one tensor that is decoded when it is loaded. */
@NullMarked
package dev.stratalens.engine.checkpoint.quantization;

import org.jspecify.annotations.NullMarked;
