/** A GGUF file as the checkpoint that transformers would have: the table of its architectures, keys, names and numbers. */
@NullMarked
package dev.stratalens.engine.checkpoint.gguf.family;

import org.jspecify.annotations.NullMarked;
