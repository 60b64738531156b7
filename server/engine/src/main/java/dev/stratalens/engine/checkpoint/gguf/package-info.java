/** GGUF files: their header, their tensors, and the configuration and tokenizer that they carry. */
@NullMarked
package dev.stratalens.engine.checkpoint.gguf;

import org.jspecify.annotations.NullMarked;
