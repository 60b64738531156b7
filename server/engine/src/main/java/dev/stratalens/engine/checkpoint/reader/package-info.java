/** Opens checkpoints: recognizes their format, and refuses unsupported ones by name. */
@NullMarked
package dev.stratalens.engine.checkpoint.reader;

import org.jspecify.annotations.NullMarked;
