/** Opens checkpoints: tells the formats apart, and refuses those that are not read by name. */
@NullMarked
package dev.stratalens.engine.checkpoint.reader;

import org.jspecify.annotations.NullMarked;
