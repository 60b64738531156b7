/** Numbers from what quantizers write: packed bits, scales, zero points. */
@NullMarked
package dev.stratalens.engine.checkpoint.quantization.decoding;

import org.jspecify.annotations.NullMarked;
