/** Changes to rows of a forward pass: which rows of which prompt, and what happens to each. */
@NullMarked
package dev.stratalens.engine.model.change;

import org.jspecify.annotations.NullMarked;
