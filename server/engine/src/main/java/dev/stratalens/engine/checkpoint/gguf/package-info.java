/** GGUF files: header, tensors, configuration and tokenizer. */
@NullMarked
package dev.stratalens.engine.checkpoint.gguf;

import org.jspecify.annotations.NullMarked;
